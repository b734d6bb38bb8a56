/** Towers and spans on the map: colour is risk, size is severity. */
import { FrameGeometrySourceMode, type MapLayerOptions } from '@grafana/grafana-foundation-sdk/common';
import {
  ControlsOptionsBuilder,
  MapCenterID,
  MapViewConfigBuilder,
  PanelBuilder as Geomap,
  TooltipMode,
  TooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/geomap';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { toLine, toTower } from '../house/links.ts';
import { byThresholds, dressed, stepsOf } from '../house/panels.ts';
import { PostgresQuery } from '../house/postgres-query.ts';
import { chosen, OPEN, sql, TIME_TO } from '../house/sql.ts';
import { COLOUR, severityMapping } from '../house/style.ts';

const towers = sql`
  SELECT t.line_id || '/' || t.tower_id AS id, t.line_id AS line, t.tower_id AS tower,
         t.latitude_deg AS latitude, t.longitude_deg AS longitude,
         greatest(coalesce(event.peak_score, 0), coalesce(look.probability, 0))::float8 AS risk,
         coalesce(event.severity_level, 0)::float8 AS severity,
         coalesce(event.why, 'no open event') AS why,
         coalesce(to_char(look.inspected_at, 'YYYY-MM-DD'), 'no drone yet') AS "last look"
    FROM tower t
    LEFT JOIN (
      SELECT DISTINCT ON (line_id, tower_id) line_id, tower_id, severity_level, peak_score, why
        FROM anomaly_event_severity WHERE ${OPEN}
       ORDER BY line_id, tower_id, severity_level DESC, peak_score DESC
    ) AS event USING (line_id, tower_id)
    LEFT JOIN (
      SELECT line_id, tower_id, max(inspected_at) AS inspected_at, max(probability) FILTER (WHERE shows_defect) AS probability
        FROM tower_look WHERE inspected_at <= ${TIME_TO} GROUP BY 1, 2
    ) AS look USING (line_id, tower_id)
   WHERE t.latitude_deg IS NOT NULL AND ${chosen('t.line_id', 'line')}`;

/** A span joins a tower to the next of its line: towers are numbered along it. */
const spans = sql`
  SELECT line_id || '/' || tower_id AS source, line_id || '/' || next_id AS target
    FROM (SELECT line_id, tower_id,
                 lead(tower_id) OVER (PARTITION BY line_id ORDER BY length(tower_id), tower_id) AS next_id
            FROM tower WHERE latitude_deg IS NOT NULL AND ${chosen('line_id', 'line')}) AS numbered
   WHERE next_id IS NOT NULL`;

const place = { mode: FrameGeometrySourceMode.Coords, latitude: 'latitude', longitude: 'longitude' };

/** Layers' own settings, which the SDK leaves untyped. */
interface LayerStyle {
  readonly color: { readonly field?: string; readonly fixed: string };
  readonly size: {
    readonly field?: string;
    readonly fixed: number;
    readonly min: number;
    readonly max: number;
  };
  readonly opacity: number;
}

const spanStyle: LayerStyle = {
  color: { fixed: COLOUR.grey },
  size: { fixed: 2, min: 1, max: 4 },
  opacity: 0.6,
};
const towerStyle: LayerStyle = {
  color: { field: 'risk', fixed: COLOUR.sky },
  size: { field: 'severity', fixed: 5, min: 5, max: 14 },
  opacity: 0.9,
};

const spanLayer: MapLayerOptions = {
  type: 'network',
  name: 'Spans',
  config: { style: { ...spanStyle, size: { fixed: 1, min: 1, max: 1 } }, edgeStyle: spanStyle, arrow: 0 },
  location: place,
  tooltip: false,
};
const towerLayer: MapLayerOptions = {
  type: 'markers',
  name: 'Towers',
  config: { style: towerStyle, showLegend: true },
  location: place,
  filterData: { id: 'byRefId', options: 'nodes' },
  tooltip: true,
};

const layer = (options: MapLayerOptions) => ({ build: () => options });

export function fleetMap() {
  return dressed(new Geomap(), {
    title: 'Towers and spans',
    about:
      'Colour is risk: the higher of what the sensors say (open event) and what the last drone saw. Size is the severity of the open event. Click a tower to see why.',
    empty: 'No tower has a position: import assets with latitude and longitude.',
  })
    .targets([new PostgresQuery('table', towers, 'nodes'), new PostgresQuery('table', spans, 'edges')])
    .view(new MapViewConfigBuilder().id(MapCenterID.Fit).allLayers(true).padding(8).maxZoom(14))
    .controls(new ControlsOptionsBuilder().showZoom(true).mouseWheelZoom(false).showAttribution(true))
    .basemap(layer({ type: 'default', name: 'Map' }))
    .layers([layer(spanLayer), layer(towerLayer)])
    .tooltip(new TooltipOptionsBuilder().mode(TooltipMode.Details))
    .overrideByName('risk', [
      { id: 'unit', value: units.PercentUnit },
      { id: 'thresholds', value: riskSteps().build() },
      { id: 'color', value: byThresholds },
      { id: 'min', value: 0 },
      { id: 'max', value: 1 },
    ])
    .overrideByName('severity', [
      { id: 'mappings', value: severityMapping },
      { id: 'min', value: 0 },
      { id: 'max', value: 3 },
    ])
    .dataLinks([toTower(), toLine()])
    .height(13)
    .span(10);
}

const riskSteps = () =>
  stepsOf([
    [null, COLOUR.sky],
    [0.5, COLOUR.yellow],
    [0.7, COLOUR.orange],
    [0.9, COLOUR.vermillion],
  ]);

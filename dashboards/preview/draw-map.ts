/** Towers and spans as an SVG map: colour and size as the geomap's overrides say. */
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { QueryResult } from '../checks/check-result.ts';
import { COLOUR } from '../house/style.ts';
import { fieldLook } from './field-look.ts';
import type { Html } from '../../src/core/markup/markup.ts';
import { markup } from '../../src/core/markup/markup.ts';
import { placeLabels } from './place-labels.ts';
import { showValue } from './show-value.ts';

const WIDTH = 560;
const MARGIN = 60;

export function drawMap(panel: Panel, nodes: QueryResult, edges: QueryResult): Html {
  const places = new Map(nodes.rows.map((row) => [String(row.id), row]));
  const project = projection(nodes);
  const [risk, severity] = [fieldLook(panel, 'risk'), fieldLook(panel, 'severity')];
  const spans = edges.rows.flatMap(({ source, target }) => {
    const [from, to] = [places.get(String(source)), places.get(String(target))];
    if (!from || !to) return [];
    const [a, b] = [project.at(from), project.at(to)];
    return [
      markup`<line
        x1="${a.x}"
        y1="${a.y}"
        x2="${b.x}"
        y2="${b.y}"
        stroke="${COLOUR.grey}"
        stroke-width="2"
        opacity="0.6"
      />`,
    ];
  });
  const worstLast = [...places.values()].sort((a, b) => Number(a.severity) - Number(b.severity));
  const dots = worstLast.map((row) => {
    const level = Number(row.severity);
    const word = severity.mapped(level)?.text ?? '';
    const id = String(row.id);
    return { ...project.at(row), radius: 6 + 3 * level, label: level > 0 ? `${id} ${word}` : '', word, row };
  });
  const towers = dots.map(({ x, y, radius, word, row }) => {
    const colour = risk.stepColour(Number(row.risk)) ?? COLOUR.sky;
    return markup`<circle cx="${x}" cy="${y}" r="${radius}" fill="${colour}" stroke="#111217"
          ><title>
            ${String(row.id)}: risk ${showValue(Number(row.risk), 'percentunit')}, ${word}. ${String(row.why)}
          </title></circle
        >`;
  });
  const labels = placeLabels(dots.toReversed(), WIDTH).map(
    ({ x, y, text }) => markup`<text x="${x}" y="${y}">${text}</text>`,
  );
  return markup`<svg class="map" viewBox="0 0 ${WIDTH} ${project.height}" role="img">${spans}${towers}${labels}</svg>`;
}

/** Plate carrée about the middle of the fleet: lines are short, so nothing is bent. */
function projection({ rows }: QueryResult) {
  const latitudes = rows.map((row) => Number(row.latitude));
  const longitudes = rows.map((row) => Number(row.longitude));
  const [south, north] = [Math.min(...latitudes), Math.max(...latitudes)];
  const [west, east] = [Math.min(...longitudes), Math.max(...longitudes)];
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const spread = Math.max((east - west) * squeeze, north - south, 1e-6);
  const scale = (WIDTH - 2 * MARGIN) / spread;
  const height = Math.max(260, 2 * MARGIN + (north - south) * scale);
  const top = (height - (north - south) * scale) / 2;
  const left = (WIDTH - (east - west) * squeeze * scale) / 2;
  return {
    height: Math.round(height),
    at: (row: Readonly<Record<string, unknown>>) => ({
      x: Math.round(left + (Number(row.longitude) - west) * squeeze * scale),
      y: Math.round(top + (north - Number(row.latitude)) * scale),
    }),
  };
}

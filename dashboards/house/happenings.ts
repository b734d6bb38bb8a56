/** Annotations: flights, defects that drones found, and events, drawn over every curve of a board. */
import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { CHOSEN_DATA_SOURCE } from './data-source.ts';
import { PostgresQuery } from './postgres-query.ts';
import { chosen, sql, timeFilter, TIME_FROM, TIME_TO, type VariableName } from './sql.ts';
import { COLOUR } from './style.ts';

/** @param scope variables that narrow a happening: line, and tower where the board is of one */
export function happenings(scope: readonly ('line' | 'tower')[]) {
  const here = scope.map((name) => chosen(COLUMN[name], name)).join(' AND ');
  return [
    annotation(
      'Flights',
      COLOUR.sky,
      sql`
        SELECT started_at AS "time", 'Flight ' || flight_id AS text, 'flight' AS tags
          FROM flight WHERE ${timeFilter('started_at')} AND ${chosen('line_id', 'line')} ORDER BY 1 LIMIT 200`,
    ),
    annotation(
      'Defects found',
      COLOUR.orange,
      sql`
        SELECT inspected_at AS "time", kind || ' seen at ' || tower_id || ', ' || review_state AS text, 'finding' AS tags
          FROM finding WHERE outcome = 'defect' AND ${timeFilter('inspected_at')} AND ${here} ORDER BY 1 LIMIT 200`,
    ),
    annotation(
      'Events',
      COLOUR.vermillion,
      sql`
        SELECT opened_at AS "time", least(coalesce(closed_at, ${TIME_TO}), ${TIME_TO}) AS timeend,
               severity || ' event at ' || tower_id || ': ' || why AS text, 'event,' || severity AS tags
          FROM anomaly_event_severity
         WHERE opened_at <= ${TIME_TO} AND (closed_at IS NULL OR closed_at >= ${TIME_FROM}) AND ${here} ORDER BY 1 LIMIT 200`,
    ),
  ];
}

const COLUMN: Readonly<Record<VariableName, string>> = {
  line: 'line_id',
  tower: 'tower_id',
  sensor: 'sensor_id',
};

function annotation(name: string, colour: string, query: string) {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(CHOSEN_DATA_SOURCE)
    .enable(true)
    .iconColor(colour)
    .target(new PostgresQuery('table', query, 'Anno'));
}

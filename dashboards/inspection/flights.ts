/** The flights of the range: did all photographs arrive? */
import * as units from '@grafana/grafana-foundation-sdk/units';
import { columns, inUnit, linked, wide } from '../house/columns.ts';
import { toLine } from '../house/links.ts';
import { table } from '../house/panels.ts';
import { chosen, sql, TIME_FROM, TIME_TO } from '../house/sql.ts';

export const flights = () =>
  columns(
    table({
      title: 'Flights',
      about:
        'Photographs and towers of each flight, and the defects it showed. A flight with fewer towers than flown lost pictures on the way.',
      empty: 'No flight in this range: photographs become flights when they are uploaded.',
      query: sql`
        SELECT f.flight_id AS flight, f.line_id AS line, coalesce(f.started_at, f.created_at) AS "time",
               seen.photographs, seen.towers, seen.failed, found.defects
          FROM flight f
          CROSS JOIN LATERAL (
            SELECT count(*)::float8 AS photographs, count(DISTINCT tower_id)::float8 AS towers,
                   count(*) FILTER (WHERE state = 'failed')::float8 AS failed
              FROM image i WHERE i.flight_id = f.flight_id
          ) AS seen
          CROSS JOIN LATERAL (
            SELECT count(*)::float8 AS defects FROM finding d
             WHERE d.flight_id = f.flight_id AND d.outcome = 'defect' AND d.review_state <> 'rejected'
          ) AS found
         WHERE coalesce(f.started_at, f.created_at) BETWEEN ${TIME_FROM} AND ${TIME_TO} AND ${chosen('f.line_id', 'line')}
         ORDER BY 3 DESC LIMIT 50`,
    }),
    wide('flight', 110),
    wide('line', 60),
    wide('time', 160),
    inUnit('photographs', units.Short, 0, 105),
    inUnit('towers', units.Short, 0, 80),
    inUnit('failed', units.Short, 0, 80),
    inUnit('defects', units.Short, 0, 80),
    linked('line', toLine()),
  )
    .height(9)
    .span(12);

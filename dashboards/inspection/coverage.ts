/** Which towers no drone has looked at for how long. */
import * as units from '@grafana/grafana-foundation-sdk/units';
import { columns, graded, linked, wide } from '../house/columns.ts';
import { toTower } from '../house/links.ts';
import { table } from '../house/panels.ts';
import { chosen, sql, TIME_TO } from '../house/sql.ts';
import { COLOUR, LOOK_DUE_DAYS } from '../house/style.ts';

const DAY_SECONDS = 86_400;

export const coverage = () =>
  columns(
    table({
      title: 'Towers by the time since the last look',
      about: `Never seen first, then the longest ago. Orange after ${LOOK_DUE_DAYS} days.`,
      empty: 'No tower is registered: import assets, or let sensors publish.',
      query: sql`
        SELECT t.line_id AS line, t.tower_id AS tower,
               coalesce(extract(epoch FROM ${TIME_TO} - look.inspected_at)::float8, 1e10) AS since,
               coalesce(to_char(look.inspected_at, 'YYYY-MM-DD'), 'never') AS "last look", coalesce(look.flight_id, '') AS flight
          FROM tower t
          LEFT JOIN LATERAL (
            SELECT inspected_at, flight_id FROM finding f
             WHERE f.line_id = t.line_id AND f.tower_id = t.tower_id AND f.inspected_at <= ${TIME_TO}
             ORDER BY inspected_at DESC LIMIT 1
          ) AS look ON true
         WHERE ${chosen('t.line_id', 'line')}
         ORDER BY since DESC, line, length(t.tower_id), tower LIMIT 200`,
    }),
    wide('line', 60),
    wide('tower', 70),
    graded('since', units.Seconds, [
      [null, COLOUR.calm],
      [(LOOK_DUE_DAYS / 2) * DAY_SECONDS, COLOUR.yellow],
      [LOOK_DUE_DAYS * DAY_SECONDS, COLOUR.orange],
    ]),
    wide('last look', 110),
    linked('tower', toTower()),
  )
    .overrideByName('since', [
      {
        id: 'mappings',
        value: [
          {
            type: 'range',
            options: { from: 9e9, to: null, result: { text: 'never', color: COLOUR.grey, index: 0 } },
          },
        ],
      },
    ])
    .height(10)
    .span(12);

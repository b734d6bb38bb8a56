/** How many readings arrive, and how late. */
import * as units from '@grafana/grafana-foundation-sdk/units';
import { series } from '../house/panels.ts';
import { sql, timeSteps } from '../house/sql.ts';
import { COLOUR, paint } from '../house/style.ts';
import { ARRIVED, READING_TABLES } from './arrivals-sql.ts';

const EMPTY = 'Nothing arrived in this range: look at the connections below, and whether sensors publish.';

export const arrivals = () =>
  series(
    {
      title: 'Readings stored a second',
      about:
        'By arrival. It falls to nothing in an outage and comes back higher: the broker keeps what was not acknowledged.',
      empty: EMPTY,
      query: sql`
        SELECT "time", kind AS metric, sum(readings) / ($__interval_ms / 1000.0) AS readings
          FROM (${READING_TABLES.map(
            (
              table,
            ) => `SELECT ${timeSteps('received_at')}, '${table.replace('_reading', '')}' AS kind, count(*)::float8 AS readings
                  FROM ${table} WHERE ${ARRIVED} GROUP BY 1`,
          ).join('\n                UNION ALL ')}) AS each
         GROUP BY 1, 2 ORDER BY 1`,
    },
    // "short" with its name in the title: the linter's list lacks rows a second.
    units.Short,
  )
    .overrideByName('impedance', [paint(COLOUR.blue)])
    .overrideByName('weather', [paint(COLOUR.orange)])
    .min(0);

export const lag = () =>
  series(
    {
      title: 'From observation to storage',
      about:
        'Median and the slowest of twenty. Minutes are gateways that bundle; hours are a backlog coming in, or a wrong clock.',
      empty: EMPTY,
      query: sql`
        SELECT ${timeSteps('received_at')},
               percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS median,
               percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds) AS "19 of 20"
          FROM (SELECT received_at, extract(epoch FROM received_at - observed_at)::float8 AS seconds
                  FROM impedance_reading WHERE ${ARRIVED}) AS late
         GROUP BY 1 ORDER BY 1`,
    },
    units.Seconds,
  )
    .overrideByName('median', [paint(COLOUR.blue)])
    .overrideByName('19 of 20', [paint(COLOUR.orange)])
    .min(0);

/** The numbers that an operator looks at first. */
import * as units from '@grafana/grafana-foundation-sdk/units';
import { stat } from '../house/panels.ts';
import { ageSeconds, chosen, sql, timeFilter, TIME_TO } from '../house/sql.ts';
import { COLOUR } from '../house/style.ts';

const QUIET = '0';

export const figures = () => [
  stat(
    {
      title: 'Since the last reading',
      about: 'Of any sensor. Longer than their rhythm means that nothing arrives: broker, network or ingest.',
      empty: 'no reading yet',
      query: sql`
        SELECT greatest(0, ${ageSeconds('max(last_received_at)')}) AS age_seconds
          FROM heard_sensors(${TIME_TO}) WHERE ${chosen('line_id', 'line')}`,
    },
    units.Seconds,
    [
      [null, COLOUR.sky],
      [900, COLOUR.orange],
      [3_600, COLOUR.vermillion],
    ],
  ).decimals(0),
  stat(
    {
      title: 'Sensors silent',
      about: 'Two readings of their own rhythm missed, or never heard. Listed below.',
      empty: 'no sensor yet',
      query: sql`
        SELECT count(*) FILTER (WHERE state <> 'ok')::float8 AS silent
          FROM heard_sensors(${TIME_TO}) WHERE ${chosen('line_id', 'line')} HAVING count(*) > 0`,
    },
    units.Short,
    [
      [null, COLOUR.sky],
      [1, COLOUR.orange],
    ],
  ),
  stat(
    {
      title: 'Messages rejected',
      about:
        'In the range: they can never be stored as they are. Kept with their bytes and the reason; `spanwatch rejected` lists and replays them.',
      empty: QUIET,
      query: sql`SELECT count(*)::float8 AS rejected FROM rejected_message WHERE ${timeFilter('received_at')}`,
    },
    units.Short,
    [
      [null, COLOUR.sky],
      [1, COLOUR.yellow],
      [1_000, COLOUR.vermillion],
    ],
  ),
  stat(
    {
      title: 'Rejected, put by',
      about:
        'Batches of a flood of bad messages that wait to be sorted in. They should become fewer once it ends.',
      empty: QUIET,
      query: sql`SELECT count(*)::float8 AS batches FROM rejected_batch`,
    },
    units.Short,
    [
      [null, COLOUR.sky],
      [1, COLOUR.yellow],
      [100, COLOUR.vermillion],
    ],
  ),
  stat(
    {
      title: 'Jobs waiting',
      about: 'Photographs to analyse, labels to derive, models to train.',
      empty: QUIET,
      query: sql`SELECT coalesce(sum(job_count), 0)::float8 AS waiting FROM job_queue`,
    },
    units.Short,
    [
      [null, COLOUR.sky],
      [1_000, COLOUR.yellow],
    ],
  ),
  stat(
    {
      title: 'Database size',
      about: 'Of this database on its server. What it may grow to is set when the alert rules are made.',
      empty: 'not known',
      query: sql`SELECT pg_database_size(current_database())::float8 AS bytes`,
    },
    units.BytesIEC,
  ),
];

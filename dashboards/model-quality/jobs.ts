/** Is the work behind the models done? */
import * as units from '@grafana/grafana-foundation-sdk/units';
import { columns, inUnit, wide } from '../house/columns.ts';
import { table } from '../house/panels.ts';
import { ageSeconds, sql, timeFilter } from '../house/sql.ts';

export const queues = () =>
  columns(
    table({
      title: 'Jobs that wait or run',
      about:
        'Detection, labels, training. An old job that stays means that no worker runs, or that it fails again and again.',
      empty: 'No job waits.',
      query: sql`
        SELECT queue, state, job_count::float8 AS jobs, ${ageSeconds('oldest_at')} AS oldest FROM job_queue ORDER BY 1, 2`,
    }),
    inUnit('jobs', units.Short, 0, 80),
    inUnit('oldest', units.Seconds, 0, 100),
  ).span(10);

export const buriedJobs = () =>
  columns(
    table({
      title: 'Jobs that failed for good',
      about: 'With their cause. They are not tried again by themselves.',
      empty: 'None in this range.',
      query: sql`
        SELECT buried_at AS "time", queue, attempts::float8 AS attempts, cause, data::text AS data
          FROM buried_job WHERE ${timeFilter('buried_at')} ORDER BY buried_at DESC LIMIT 100`,
    }),
    wide('time', 160),
    wide('queue', 120),
    inUnit('attempts', units.Short, 0, 90),
  ).span(14);

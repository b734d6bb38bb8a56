/** Says how far back TimescaleDB brings a rollup up in the background. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Unavailable } from '../../core/domain/failure.ts';
import type { Queryable } from './database.ts';

/** Once for each rollup and change of settings; bringing up a year for the first time takes a while. */
const MOST_WAITS = 600;
const WAIT_MS = 1_000;

/**
 * Holds when it returns: a background job that began before has ended.
 *
 * @param days null without end, so that a reading that comes years late makes its buckets anew
 * @throws Unavailable when the one that began before does not end
 */
export async function limitRefresh(database: Queryable, rollup: string, days: number | null): Promise<void> {
  const { rows } = await database.query<{ job_id: number; changed_at: Date }>(
    `SELECT (alter_job(j.job_id, config => jsonb_set(j.config, '{start_offset}', wanted.start_offset))).job_id,
            clock_timestamp() AS changed_at
       FROM timescaledb_information.jobs j
      CROSS JOIN (SELECT coalesce(to_jsonb(make_interval(days => $2::int)::text), 'null') AS start_offset) AS wanted
      WHERE j.proc_name = 'policy_refresh_continuous_aggregate'
        AND j.hypertable_schema = current_schema() AND j.hypertable_name = $1
        AND j.config -> 'start_offset' IS DISTINCT FROM wanted.start_offset`,
    [rollup, days],
  );
  const [changed] = rows;
  if (!changed) return;
  for (let waits = 0; waits < MOST_WAITS; waits++) {
    const { rows: running } = await database.query(
      `SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND application_name LIKE '%[' || $1 || ']' AND backend_start <= $2`,
      [changed.job_id, changed.changed_at],
    );
    if (running.length === 0) return;
    await sleep(WAIT_MS);
  }
  throw new Unavailable('rollup-busy', `The rollup ${rollup} is still being brought up in the background.`);
}

/** How far the live readings have come: stored, and scored. */
import type { Database } from '../platform/storage/database.ts';

/** The newest instant that is stored, so that an interrupted run goes on there; what overlaps is harmless. */
export async function storedUntil(database: Database, historyEndAt: Date): Promise<Date> {
  const { rows } = await database.query<{ newest: Date | null }>(
    'SELECT max(observed_at) AS newest FROM impedance_reading',
  );
  const newest = rows[0]?.newest;
  return newest && newest > historyEndAt ? newest : historyEndAt;
}

/** Readings stored after each sensor's training that the champion has not scored yet. */
export async function scoringPosition(database: Database): Promise<{ readonly behind: number }> {
  const { rows } = await database.query<{ behind: number }>(
    `SELECT count(*)::int AS behind
     FROM model_version champion
     JOIN sensor s ON s.kind = 'impedance'
     LEFT JOIN scorer_state state ON state.sensor_id = s.sensor_id AND state.model_version = champion.version
     JOIN impedance_reading r ON r.sensor_id = s.sensor_id
       AND r.observed_at > COALESCE(state.scored_until, (champion.manifest -> 'record' ->> 'cutoff')::timestamptz, '-infinity')
     WHERE champion.model = 'impedance-anomaly' AND champion.stage = 'champion'`,
  );
  return { behind: rows[0]?.behind ?? 0 };
}

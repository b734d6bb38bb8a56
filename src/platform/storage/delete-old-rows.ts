/** Deletes old readings of a plain table in small commits, sensor by sensor, since its index begins with the sensor. */
import type { Queryable } from './database.ts';

/** Some 100 ms, for which nobody waits: what is deleted is not what is written. */
const BATCH_ROWS = 10_000;

export async function deleteOldRows(
  database: Queryable,
  {
    kind,
    table,
    before,
    isStopping,
  }: {
    readonly kind: string;
    readonly table: string;
    readonly before: Date;
    readonly isStopping: () => boolean;
  },
): Promise<number> {
  const { rows } = await database.query<{ sensor_id: string }>(
    'SELECT sensor_id FROM sensor WHERE kind = $1',
    [kind],
  );
  let deleted = 0;
  for (const { sensor_id } of rows) {
    for (let batch = BATCH_ROWS; batch === BATCH_ROWS && !isStopping(); deleted += batch) {
      const { rowCount } = await database.query(
        `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
           SELECT ctid FROM ${table} WHERE sensor_id = $1 AND observed_at < $2
            ORDER BY observed_at LIMIT ${BATCH_ROWS}))`,
        [sensor_id, before],
      );
      batch = rowCount ?? 0;
    }
  }
  return deleted;
}

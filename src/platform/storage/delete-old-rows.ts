/** Deletes old rows of a plain table in small commits. */
import type { Queryable } from './database.ts';

/** Some 100 ms, for which nobody waits: what is deleted is not what is written. */
const BATCH_ROWS = 10_000;

interface OldRows {
  /** Of the sensors whose rows go; null for all. */
  readonly kind: string | null;
  readonly table: string;
  readonly before: Date;
  readonly isStopping: () => boolean;
}

/** Sensor by sensor, since the table's index begins with the sensor. */
export async function deleteOldRows(
  database: Queryable,
  { kind, table, before, isStopping }: OldRows,
): Promise<number> {
  const { rows } = await database.query<{ sensor_id: string }>(
    'SELECT sensor_id FROM sensor WHERE $1::text IS NULL OR kind = $1',
    [kind],
  );
  let deleted = 0;
  for (const { sensor_id } of rows) {
    const which = 'sensor_id = $1 AND observed_at < $2';
    deleted += await deleteInBatches(database, table, which, [sensor_id, before], isStopping);
  }
  return deleted;
}

/** @param which SQL that an index answers, with `values` as $1, $2 */
export async function deleteInBatches(
  database: Queryable,
  table: string,
  which: string,
  values: readonly unknown[],
  isStopping: () => boolean,
): Promise<number> {
  let deleted = 0;
  for (let batch = BATCH_ROWS; batch === BATCH_ROWS && !isStopping(); deleted += batch) {
    const { rowCount } = await database.query(
      `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${which} LIMIT ${BATCH_ROWS}))`,
      [...values],
    );
    batch = rowCount ?? 0;
  }
  return deleted;
}

/** Hands out any number of readings in order, a few thousand at a time. */
import type { Database } from './database.ts';
import type { ReadingTable } from './reading-table.ts';

/** Null is open. */
export interface ReadingRange {
  readonly sensorId: string | null;
  readonly from: Date | null;
  /** Not part of the range. */
  readonly to: Date | null;
}

/** One column a channel, as the table has them. */
export type ReadingRow = { readonly sensor_id: string; readonly observed_at: Date } & Readonly<
  Record<string, number | string | Date | null>
>;

const BATCH_ROWS = 5_000;

const RANGE = `($1::text IS NULL OR sensor_id = $1) AND ($2::timestamptz IS NULL OR observed_at >= $2)
  AND ($3::timestamptz IS NULL OR observed_at < $3)`;

export async function countReadings(
  database: Database,
  { table }: ReadingTable,
  { sensorId, from, to }: ReadingRange,
): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    `SELECT count(*)::float8 AS count FROM ${table} WHERE ${RANGE}`,
    [sensorId, from, to],
  );
  return rows[0]!.count;
}

/**
 * By sensor, then by time, as of the moment of the call: a cursor, so that memory stays flat here and there.
 *
 * @param onRows is waited for before more are read
 */
export async function streamReadings(
  database: Database,
  { table, channels }: ReadingTable,
  { sensorId, from, to }: ReadingRange,
  onRows: (rows: readonly ReadingRow[]) => Promise<void>,
): Promise<void> {
  const columns = channels.map(({ column }) => column).join(', ');
  await database.transaction(async (client) => {
    await client.query(
      `DECLARE readings NO SCROLL CURSOR FOR
       SELECT sensor_id, observed_at, ${columns} FROM ${table} WHERE ${RANGE} ORDER BY sensor_id, observed_at`,
      [sensorId, from, to],
    );
    for (;;) {
      const { rows } = await client.query<ReadingRow>(`FETCH ${BATCH_ROWS} FROM readings`);
      if (rows.length > 0) await onRows(rows);
      if (rows.length < BATCH_ROWS) return;
    }
  });
}

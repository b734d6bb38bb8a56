/** Stores readings in bulk, each sensor kind in its own table. */
import type { Reading } from '../../core/domain/reading.ts';
import type { Queryable } from './database.ts';

/** Where a kind's readings go: the sensor kind itself fits. */
export interface ReadingTable {
  readonly table: string;
  readonly channels: readonly { readonly name: string; readonly column: string }[];
}

/**
 * One statement. A reading that is there already (same sensor, same time) stays as it is, so that a message that
 * comes twice does no harm.
 *
 * @param readings of this table's kind; up to some 10,000 at once are fast
 * @returns how many were new
 */
export async function storeReadings(
  database: Queryable,
  { table, channels }: ReadingTable,
  readings: readonly Reading[],
): Promise<number> {
  if (readings.length === 0) return 0;
  const columns = channels.map(({ column }) => column);
  const arrays = channels.map((_, index) => `$${index + 3}::float8[]`);
  const result = await database.query(
    `INSERT INTO ${table} (sensor_id, observed_at, ${columns.join(', ')})
     SELECT sensor_id, to_timestamp(observed_ms / 1000.0), ${columns.join(', ')}
       FROM unnest($1::text[], $2::float8[], ${arrays.join(', ')})
         AS sent (sensor_id, observed_ms, ${columns.join(', ')})
     ON CONFLICT (sensor_id, observed_at) DO NOTHING`,
    [
      // Sensor ids need no escapes; the driver's own way with arrays takes several times as long as the insert.
      `{${readings.map(({ sensorId }) => `"${sensorId}"`).join(',')}}`,
      `{${readings.map(({ observedAt }) => observedAt.getTime()).join(',')}}`,
      ...channels.map(({ name }) => `{${readings.map(({ values }) => values[name] ?? 'NULL').join(',')}}`),
    ],
  );
  return result.rowCount ?? 0;
}

/** The latest instant of which there is a reading; null where there is none. */
export async function newestReading(database: Queryable, { table }: ReadingTable): Promise<Date | null> {
  const { rows } = await database.query<{ newest: Date | null }>(
    `SELECT max(observed_at) AS newest FROM ${table}`,
  );
  return rows[0]?.newest ?? null;
}

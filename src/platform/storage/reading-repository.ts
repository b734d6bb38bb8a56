/** Stores readings in bulk, each sensor kind in its own table: nothing doubled, nothing silently dropped. */
import type { Reading } from '../../core/domain/reading.ts';
import { BinaryRows } from './binary-rows.ts';
import type { Queryable, Transaction } from './database.ts';
import { mergeKnown } from './merge-known.ts';
import { columnsOf, type ReadingTable } from './reading-table.ts';

/** What became of a batch. */
export interface StoredReadings {
  /** New, or with values for channels of which nothing was known at that time. */
  readonly stored: number;
  /** The same sensor, time and values were there already: a message came twice. */
  readonly duplicates: number;
  /** Another value of a channel was there already for the same sensor and time: both are kept in `reading_conflict`. */
  readonly conflicts: number;
}

/** One batch at a time: the bytes of the last one are overwritten by the next. */
export class ReadingRepository {
  private readonly rows = new BinaryRows();

  /**
   * Copies readings of which none is there yet: as fast as the database takes anything.
   *
   * @throws the database's unique violation when one is there; the transaction is then lost
   */
  async copy(
    client: Transaction,
    table: ReadingTable,
    readings: readonly Reading[],
  ): Promise<StoredReadings> {
    if (readings.length > 0) {
      await client.copyIn(this.copyStatement(table.table, table), this.encode(table, readings));
    }
    return { stored: readings.length, duplicates: 0, conflicts: 0 };
  }

  /**
   * Stores those that are not there yet, and completes those of which other channels are. What is there stays as it
   * is; a reading that says otherwise of a channel is kept whole in `reading_conflict`, once however often it comes.
   */
  async merge(
    client: Transaction,
    table: ReadingTable,
    readings: readonly Reading[],
  ): Promise<StoredReadings> {
    if (readings.length === 0) return { stored: 0, duplicates: 0, conflicts: 0 };
    const columns = columnsOf(table);
    const sent = `sent_${table.table}`;
    await client.query(
      `CREATE TEMPORARY TABLE IF NOT EXISTS ${sent} ON COMMIT DELETE ROWS AS SELECT ${columns} FROM ${table.table} WITH NO DATA`,
    );
    // A transaction that is a rehearsal merges several times.
    await client.query(`TRUNCATE ${sent}`);
    await client.copyIn(this.copyStatement(sent, table), this.encode(table, readings));
    const inserted = await client.query(
      `INSERT INTO ${table.table} (${columns}) SELECT ${columns} FROM ${sent} ORDER BY sensor_id, observed_at, ctid
       ON CONFLICT (sensor_id, observed_at) DO NOTHING`,
    );
    const added = inserted.rowCount ?? 0;
    if (added === readings.length) return { stored: added, duplicates: 0, conflicts: 0 };
    const { completed, conflicts } = await mergeKnown(client, table, sent);
    const stored = added + completed;
    return { stored, duplicates: readings.length - stored - conflicts, conflicts };
  }

  /** In binary COPY form; the bytes hold until the next call. */
  encode({ channels }: ReadingTable, readings: readonly Reading[]): Buffer {
    const { rows } = this;
    rows.clear();
    for (const { sensorId, observedAt, values } of readings) {
      rows.beginRow(2 + channels.length);
      rows.ascii(sensorId);
      rows.timestamp(observedAt.getTime());
      for (const { name } of channels) rows.double(values[name]);
    }
    return rows.finish();
  }

  /** For what `encode` gave. */
  copyStatement(target: string, table: ReadingTable): string {
    return `COPY ${target} (${columnsOf(table)}) FROM STDIN (FORMAT binary)`;
  }
}

/** The latest instant of which there is a reading; null where there is none. */
export async function newestReading(
  database: Queryable,
  { table }: Pick<ReadingTable, 'table'>,
): Promise<Date | null> {
  const { rows } = await database.query<{ newest: Date | null }>(
    `SELECT max(observed_at) AS newest FROM ${table}`,
  );
  return rows[0]?.newest ?? null;
}

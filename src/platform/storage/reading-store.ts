/** Commits batches of readings: copied as if none were there yet, merged where that proves wrong. */
import type { Reading } from '../../core/domain/reading.ts';
import type { Database, Transaction } from './database.ts';
import { ReadingRepository, type ReadingTable, type StoredReadings } from './reading-repository.ts';

export type StoreReadings = (table: ReadingTable, readings: readonly Reading[]) => Promise<StoredReadings>;

/** After a batch that had to be merged so many more are merged at once, twice as many each time, at most these. */
const MOST_MERGED_BATCHES = 64;
const UNIQUE_VIOLATION = '23505';

export class ReadingStore {
  private readonly readings = new ReadingRepository();
  private merging = 0;
  private nextMerging = 1;

  constructor(private readonly database: Pick<Database, 'transaction'>) {}

  /** @param work may run twice, in transactions of their own; only the last one commits */
  async commit<Result>(
    work: (client: Transaction, store: StoreReadings) => Promise<Result>,
  ): Promise<Result> {
    if (this.merging === 0) {
      try {
        const result = await this.database.transaction((client) =>
          work(client, (table, readings) => this.readings.copy(client, table, readings)),
        );
        this.nextMerging = 1;
        return result;
      } catch (error) {
        if ((error as { code?: unknown }).code !== UNIQUE_VIOLATION) throw error;
        this.merging = this.nextMerging;
        this.nextMerging = Math.min(MOST_MERGED_BATCHES, 2 * this.nextMerging);
      }
    } else {
      this.merging--;
    }
    return this.database.transaction((client) =>
      work(client, (table, readings) => this.readings.merge(client, table, readings)),
    );
  }
}

/** Commits batches of readings: copied as if none were there yet, merged where that proves wrong. */
import type { Reading } from '../../core/domain/reading.ts';
import type { Database, Transaction } from './database.ts';
import { ReadingRepository, type StoredReadings } from './reading-repository.ts';
import type { ReadingTable } from './reading-table.ts';

export type StoreReadings = (table: ReadingTable, readings: readonly Reading[]) => Promise<StoredReadings>;

/** After a batch that had to be merged so many more are merged at once, twice as many each time, at most these. */
const MOST_MERGED_BATCHES = 64;
const UNIQUE_VIOLATION = '23505';
/** Two batches that hold the same instants in another order may each wait for the other; one of them is sent back. */
const DEADLOCK = '40P01';

export class ReadingStore {
  private readonly readings = new ReadingRepository();
  private merging = 0;
  private nextMerging = 1;

  constructor(private readonly database: Pick<Database, 'transaction'>) {}

  /** @param work may run several times, in transactions of their own; only the last one commits */
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
        if (!isBecauseOf(error, UNIQUE_VIOLATION) && !isBecauseOf(error, DEADLOCK)) throw error;
        this.merging = this.nextMerging;
        this.nextMerging = Math.min(MOST_MERGED_BATCHES, 2 * this.nextMerging);
      }
    } else {
      this.merging--;
    }
    const merge = (): Promise<Result> =>
      this.database.transaction((client) =>
        work(client, (table, readings) => this.readings.merge(client, table, readings)),
      );
    // Merges go in the order of their keys: they can only get in the way of a copy, which then comes to an end.
    return merge().catch((error: unknown) => {
      if (!isBecauseOf(error, DEADLOCK)) throw error;
      return merge();
    });
  }
}

function isBecauseOf(error: unknown, sqlState: string): boolean {
  return (error as { code?: unknown }).code === sqlState;
}

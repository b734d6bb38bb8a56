/** Deletes scores, and what peers they were compared with, when the readings they speak of need not be kept any more. */
import type { Database } from './database.ts';
import { deleteInBatches, deleteOldRows } from './delete-old-rows.ts';
import type { Cleared } from './reading-retention.ts';

const [SCORES, STANDINGS] = ['anomaly_score', 'peer_standing'];

export class ScoreRetention {
  constructor(private readonly database: Database) {}

  async clear(before: Date, isStopping: () => boolean = () => false): Promise<readonly Cleared[]> {
    // Told first: a decision that is run again meanwhile must not take half of its scores for all of them.
    await this.database.query(
      `INSERT INTO retention (relation_name, cleared_before) VALUES ($1, $2)
       ON CONFLICT (relation_name) DO UPDATE
          SET cleared_before = greatest(retention.cleared_before, excluded.cleared_before)`,
      [SCORES, before],
    );
    const scores = await deleteOldRows(this.database, { kind: null, table: SCORES, before, isStopping });
    const standings = await deleteInBatches(this.database, STANDINGS, 'stored_at < $1', [before], isStopping);
    return [
      { relation: SCORES, before, deleted: scores },
      { relation: STANDINGS, before, deleted: standings },
    ].filter(({ deleted }) => deleted > 0);
  }

  /** Scores of readings before this need not be there any more; null where all are. */
  async clearedBefore(): Promise<Date | null> {
    const { rows } = await this.database.query<{ cleared_before: Date }>(
      'SELECT cleared_before FROM retention WHERE relation_name = $1',
      [SCORES],
    );
    return rows[0]?.cleared_before ?? null;
  }
}

/** A database that is not waited for without end: a network can drop what was asked, and nobody is told. */
import type pg from 'pg';
import { DatabaseSilent, type Database, type Transaction } from './database.ts';

type Lent = Pick<Database, 'query' | 'transaction'>;

export class ImpatientDatabase implements Lent {
  private readonly queries: GrowingLimit;
  private readonly transactions: GrowingLimit;

  /**
   * @param firstLimitMs after which a connection that has not answered is given up
   * @param lastLimitMs each time in a row the limit doubles, up to this: a server may just be slow, and what it could
   *   not finish is asked of it again
   */
  constructor(
    private readonly database: Lent,
    firstLimitMs: number,
    lastLimitMs: number,
  ) {
    this.queries = new GrowingLimit(firstLimitMs, lastLimitMs);
    this.transactions = new GrowingLimit(firstLimitMs, lastLimitMs);
  }

  query<Row extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<pg.QueryResult<Row>> {
    return this.queries.within((limitMs) => this.database.query<Row>(text, values, limitMs));
  }

  transaction<Result>(work: (client: Transaction) => Promise<Result>): Promise<Result> {
    return this.transactions.within((limitMs) => this.database.transaction(work, limitMs));
  }
}

/** What PostgreSQL says when its own limit, which is the same, came first. */
const STATEMENT_CANCELLED = '57014';

class GrowingLimit {
  private limitMs: number;

  constructor(
    private readonly firstMs: number,
    private readonly lastMs: number,
  ) {
    this.limitMs = firstMs;
  }

  async within<Result>(run: (limitMs: number) => Promise<Result>): Promise<Result> {
    try {
      const result = await run(this.limitMs);
      this.limitMs = this.firstMs;
      return result;
    } catch (error) {
      const late =
        error instanceof DatabaseSilent || (error as { code?: unknown }).code === STATEMENT_CANCELLED;
      if (late) this.limitMs = Math.min(2 * this.limitMs, this.lastMs);
      throw error;
    }
  }
}

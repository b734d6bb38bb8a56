/** A lent-by-callback wrapper around the connection pool: a connection can't be forgotten. */
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { Unavailable } from '../../core/domain/failure.ts';

/** What runs SQL: the pool, or one connection inside a transaction. */
export interface Queryable {
  query<Row extends pg.QueryResultRow>(
    text: string,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<Row>>;
}

/** One connection from BEGIN to COMMIT. */
export interface Transaction extends Queryable {
  /** @param text COPY … FROM STDIN; @param bytes all of it, in the form that the text names */
  copyIn(text: string, bytes: Buffer): Promise<void>;
}

/** Connections beyond this wait; two cores are saturated by fewer. */
const MAX_CONNECTIONS = 10;

export class Database implements Queryable {
  private readonly pool: pg.Pool;

  constructor(readonly url: string) {
    this.pool = new pg.Pool({
      connectionString: url,
      max: MAX_CONNECTIONS,
      connectionTimeoutMillis: 10_000,
      application_name: 'spanwatch',
    });
    // An idle connection that breaks is replaced at the next query, which reports the failure if it lasts.
    this.pool.on('error', () => {});
  }

  /** @throws Unavailable when the database can't be reached; errors of the SQL itself pass unchanged */
  async query<Row extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<pg.QueryResult<Row>> {
    return this.lend((client) => client.query<Row>(text, values as unknown[]));
  }

  /** Commits when `work` returns, rolls back when it throws. */
  async transaction<Result>(work: (client: Transaction) => Promise<Result>): Promise<Result> {
    return this.lend(async (client) => {
      await client.query('BEGIN');
      try {
        const result = await work({
          query: (text, values) => client.query(text, values as unknown[]),
          copyIn: (text, bytes) => copyIn(client, text, bytes),
        });
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK').catch(() => {});
        throw error;
      }
    });
  }

  private async lend<Result>(work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    const client = await this.pool.connect().catch((cause: unknown) => {
      throw new Unavailable(
        'database-unreachable',
        `The database can't be reached: ${String(cause)}`,
        {},
        { cause },
      );
    });
    let broken: Error | undefined;
    const onError = (error: Error) => (broken = error);
    client.on('error', onError);
    try {
      return await work(client);
    } catch (error) {
      if (!isConnectionLoss(error)) throw error;
      broken = error as Error;
      throw new Unavailable(
        'database-unreachable',
        `The database went away: ${broken.message}`,
        {},
        { cause: error },
      );
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

async function copyIn(client: pg.PoolClient, text: string, bytes: Buffer): Promise<void> {
  const stream = client.query(copyFrom(text));
  await new Promise<void>((resolve, reject) => {
    stream.on('error', reject);
    stream.on('finish', resolve);
    stream.end(bytes);
  });
}

/** SQLSTATE classes 08 (connection) and 57P (operator intervention), or a socket that broke. */
function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: string }).code ?? '';
  return (
    /^(08|57P0)/.test(code) ||
    ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(code) ||
    /Connection terminated|not queryable/i.test(error.message)
  );
}

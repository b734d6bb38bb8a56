/** A lent-by-callback wrapper around the connection pool: a connection can't be forgotten. */
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { Unavailable } from '../../core/domain/failure.ts';
import { explainError } from './explain-error.ts';
import { isConnectionLoss, isOutOfResources } from './outage.ts';

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
/** A server that is gone without a word is noticed some 10 s after this, when its network says nothing at all. */
const KEEP_ALIVE_MS = 10_000;

export class Database implements Queryable {
  private readonly pool: pg.Pool;

  constructor(readonly url: string) {
    this.pool = new pg.Pool({
      connectionString: url,
      max: MAX_CONNECTIONS,
      connectionTimeoutMillis: 10_000,
      application_name: 'spanwatch',
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    });
    // An idle connection that breaks is replaced at the next query, which reports the failure if it lasts.
    this.pool.on('error', () => {});
  }

  /**
   * @param limitMs give up an answer that takes longer, and its connection; left out, wait for ever
   * @throws Unavailable when the database can't be reached or has no room; errors of the SQL itself pass unchanged
   */
  async query<Row extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
    limitMs?: number,
  ): Promise<pg.QueryResult<Row>> {
    return this.lend((client) => client.query<Row>(text, values as unknown[]), limitMs);
  }

  /** Commits when `work` returns, rolls back when it throws. @param limitMs as of `query`, for all of it */
  async transaction<Result>(
    work: (client: Transaction) => Promise<Result>,
    limitMs?: number,
  ): Promise<Result> {
    return this.lend(async (client) => {
      await client.query(limitMs === undefined ? 'BEGIN' : beginWithin(limitMs));
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
    }, limitMs);
  }

  private async lend<Result>(
    work: (client: pg.PoolClient) => Promise<Result>,
    limitMs?: number,
  ): Promise<Result> {
    const client = await this.pool.connect().catch((cause: unknown) => {
      const message = `The database can't be reached: ${explainError(cause)}`;
      throw new Unavailable('database-unreachable', message, {}, { cause });
    });
    let broken: Error | undefined;
    const onError = (error: Error) => (broken = error);
    client.on('error', onError);
    try {
      return await answeredWithin(limitMs, work(client));
    } catch (error) {
      if (error instanceof DatabaseSilent) broken = error;
      if (isOutOfResources(error)) {
        const message = `The database has no room: ${error.message}`;
        throw new Unavailable('database-full', message, {}, { cause: error });
      }
      if (!isConnectionLoss(error)) throw error;
      broken = error as Error;
      const message = `The database went away: ${broken.message}`;
      throw new Unavailable('database-unreachable', message, {}, { cause: error });
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

/** The connection may be dead without anybody having said so; it is given up. */
export class DatabaseSilent extends Unavailable {
  constructor(limitMs: number) {
    super('database-silent', `The database has not answered within ${limitMs / 1_000} s.`);
  }
}

async function answeredWithin<Result>(limitMs: number | undefined, work: Promise<Result>): Promise<Result> {
  if (limitMs === undefined) return work;
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DatabaseSilent(limitMs)), limitMs);
  });
  return Promise.race([work, silence]).finally(() => clearTimeout(timer));
}

/** The server must not keep what was begun on a dead connection: its rows would block the next attempt. */
function beginWithin(limitMs: number): string {
  const ms = Math.ceil(limitMs);
  return [
    'BEGIN',
    `SET LOCAL statement_timeout = ${ms}`,
    `SET LOCAL idle_in_transaction_session_timeout = ${ms}`,
    // A COPY that waits for its data knows no timeout but that of the network: 10 s and 4 times 5 s.
    'SET LOCAL tcp_keepalives_idle = 10',
    'SET LOCAL tcp_keepalives_interval = 5',
    'SET LOCAL tcp_keepalives_count = 4',
  ].join('; ');
}

async function copyIn(client: pg.PoolClient, text: string, bytes: Buffer): Promise<void> {
  const stream = client.query(copyFrom(text));
  await new Promise<void>((resolve, reject) => {
    stream.on('error', reject);
    stream.on('finish', resolve);
    stream.end(bytes);
  });
}

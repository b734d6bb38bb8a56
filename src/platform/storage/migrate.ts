/** Forward-only migrations: plain SQL files, numbered, each in one transaction, refused when changed later. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { Broken, Conflict, Unavailable } from '../../core/domain/failure.ts';
import { explainError } from './explain-error.ts';
import { sizeChunks, type ChunkSize } from './size-chunks.ts';

/** Arbitrary but fixed: two processes that migrate the same database wait for one another. */
const ADVISORY_LOCK = 7_262_001;
/** SQLSTATE of the warnings that our own migrations raise. */
const OURS = 'SPW01';

export interface MigrationReport {
  readonly applied: readonly string[];
  readonly alreadyThere: number;
  readonly flavour: Flavour;
  readonly serverVersion: string;
  /** Of hypertables; none on plain tables. */
  readonly chunks: readonly ChunkSize[];
  /** What a migration could not do and went on without. */
  readonly warnings: readonly string[];
}

export type Flavour = 'TimescaleDB Community' | 'TimescaleDB Apache' | 'PostgreSQL';

/**
 * Brings a database up to the newest migration.
 *
 * @throws Conflict when a file that was applied has been changed, or the database is ahead of the files
 * @throws Broken with file and line when SQL fails; nothing of that file stays
 * @throws Unavailable when the database can't be reached
 */
export async function migrate(databaseUrl: string, folder: string): Promise<MigrationReport> {
  const files = await readMigrations(folder);
  const client = await connect(databaseUrl);
  const warnings: string[] = [];
  client.on('notice', ({ severity, code, message }) => {
    // TimescaleDB gives advice by warnings too, which is for whoever wrote the migration.
    if (severity === 'WARNING' && code === OURS && message) warnings.push(message);
  });
  try {
    const known = await readApplied(client);
    refuseRewrittenHistory(files, known);
    const pending = files.filter((file) => !known.has(file.name));
    for (const file of pending) await apply(client, file);
    const server = await describeServer(client);
    return {
      applied: pending.map((file) => file.name),
      alreadyThere: known.size,
      ...server,
      chunks: server.flavour === 'PostgreSQL' ? [] : await sizeChunks(client),
      warnings,
    };
  } finally {
    await client.end();
  }
}

/** What readings get on each, and what is missing. */
export const FLAVOURS: Readonly<Record<Flavour, string>> = {
  'TimescaleDB Community':
    'readings live in hypertables, in the columnstore after 14 days, and rollups are kept up in the background',
  'TimescaleDB Apache':
    'readings live in hypertables; the Apache build has no columnstore and keeps no rollups: their views read the tables',
  PostgreSQL:
    'TimescaleDB is not there: no hypertables, no columnstore, and the views of rollups read the tables; everything else works',
};

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_.*\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(path.join(folder, name), 'utf8');
      return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

async function connect(databaseUrl: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  // The query under way is rejected too when the connection breaks; unheard, this would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (cause) {
    const message = `The database can't be reached: ${explainError(cause)}`;
    throw new Unavailable('database-unreachable', message, {}, { cause });
  }
}

/** Waits until nobody else migrates; the lock ends with the connection. */
async function readApplied(client: pg.Client): Promise<Map<string, string>> {
  try {
    await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
    await client.query(`CREATE TABLE IF NOT EXISTS migration (
      name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
    const { rows } = await client.query<{ name: string; sha256: string }>(
      'SELECT name, sha256 FROM migration',
    );
    return new Map(rows.map((row) => [row.name, row.sha256]));
  } catch (cause) {
    const message = `The list of migrations can't be kept: ${explainError(cause)} (the user must own the database or be allowed to create tables in it)`;
    throw new Broken('migration-failed', message, {}, { cause });
  }
}

function refuseRewrittenHistory(files: readonly Migration[], known: ReadonlyMap<string, string>): void {
  const byName = new Map(files.map((file) => [file.name, file]));
  for (const [name, sha256] of known) {
    const file = byName.get(name);
    if (!file) {
      throw new Conflict(
        'database-ahead',
        `The database has migration ${name}, which this version doesn't know: use a newer Spanwatch.`,
      );
    }
    if (file.sha256 !== sha256) {
      throw new Conflict(
        'migration-changed',
        `${name} was changed after it was applied: put it back and add a new migration instead.`,
      );
    }
  }
}

async function apply(client: pg.Client, file: Migration): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(file.sql);
    await client.query('INSERT INTO migration (name, sha256) VALUES ($1, $2)', [file.name, file.sha256]);
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => {});
    const position = Number((cause as { position?: string }).position ?? 0);
    const line = position > 0 ? `:${file.sql.slice(0, position).split('\n').length}` : '';
    throw new Broken('migration-failed', `${file.name}${line}: ${explainError(cause)}`, {}, { cause });
  }
}

async function describeServer(
  client: pg.Client,
): Promise<Pick<MigrationReport, 'flavour' | 'serverVersion'>> {
  const { rows } = await client.query<{ server: string; timescale: string | null; licence: string | null }>(
    `SELECT current_setting('server_version') AS server,
            (SELECT extversion FROM pg_extension WHERE extname = 'timescaledb') AS timescale,
            current_setting('timescaledb.license', true) AS licence`,
  );
  const { server = 'unknown', timescale = null, licence = null } = rows[0] ?? {};
  if (!timescale) return { flavour: 'PostgreSQL', serverVersion: server };
  return {
    flavour: licence === 'timescale' ? 'TimescaleDB Community' : 'TimescaleDB Apache',
    serverVersion: `${timescale} on PostgreSQL ${server}`,
  };
}

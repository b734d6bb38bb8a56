/** Makes and drops databases in the test cluster. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** Migrated once; every test's database is a copy of it, which takes a few milliseconds. */
export const TEMPLATE = 'spanwatch_template';

const IN_USE = '55006';
const MOST_TRIES = 50;

export function databaseUrl(clusterUrl: string, name: string): string {
  const url = new URL(clusterUrl);
  url.pathname = `/${name}`;
  return url.toString();
}

export async function createDatabase(
  clusterUrl: string,
  name: string,
  template = 'template1',
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await administer(clusterUrl, [
        `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`,
        `CREATE DATABASE ${name} TEMPLATE ${template}`,
      ]);
    } catch (error) {
      // TimescaleDB's launcher looks into every database now and then, templates too.
      if ((error as { code?: string }).code !== IN_USE || tries === MOST_TRIES) throw error;
      await sleep(200);
    }
  }
}

export async function databaseExists(clusterUrl: string, name: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: databaseUrl(clusterUrl, 'postgres') });
  await client.connect();
  try {
    return (await client.query('SELECT FROM pg_database WHERE datname = $1', [name])).rowCount === 1;
  } finally {
    await client.end();
  }
}

export async function dropDatabase(clusterUrl: string, name: string): Promise<void> {
  await administer(clusterUrl, [`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`]);
}

/** TimescaleDB keeps a worker in every database that allows connections, and what is copied must be left alone. */
export async function closeDatabase(clusterUrl: string, name: string): Promise<void> {
  await administer(clusterUrl, [
    `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`,
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '${name}'`,
  ]);
}

async function administer(clusterUrl: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl(clusterUrl, 'postgres') });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

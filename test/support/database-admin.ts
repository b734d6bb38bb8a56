/** Makes and drops databases in the test cluster. */
import pg from 'pg';

/** Migrated once; every test's database is a copy of it, which takes a few milliseconds. */
export const TEMPLATE = 'spanwatch_template';

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
  await administer(clusterUrl, [
    `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`,
    `CREATE DATABASE ${name} TEMPLATE ${template}`,
  ]);
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

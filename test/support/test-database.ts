/** Lends a test file its own migrated database in the real cluster. */
import { afterAll, beforeAll, inject } from 'vitest';
import { Database } from '../../src/platform/storage/database.ts';
import { createDatabase, databaseUrl, dropDatabase, TEMPLATE } from './database-admin.ts';

/**
 * Call at the top of a `describe` block or file; `database()` is ready inside hooks and tests.
 *
 * @example
 * const { database } = withTestDatabase();
 * it('stores a reading once', async () => { await database().query('…'); });
 */
export function withTestDatabase(): { database: () => Database; url: () => string } {
  const name = `spanwatch_test_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
  const clusterUrl = inject('clusterUrl');
  const url = databaseUrl(clusterUrl, name);
  let database: Database | undefined;
  beforeAll(async () => {
    await createDatabase(clusterUrl, name, TEMPLATE);
    database = new Database(url);
  });
  afterAll(async () => {
    await database?.close();
    await dropDatabase(clusterUrl, name);
  });
  return {
    url: () => url,
    database: () => {
      if (!database) throw new Error('The test database is lent inside hooks and tests only.');
      return database;
    },
  };
}

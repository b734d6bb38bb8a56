/** Lends a migrated database to one command: the one that DATABASE_URL names, or the embedded one. */
import path from 'node:path';
import { lockDataFolder } from '../platform/ops/data-folder-lock.ts';
import { migrationsFolder } from '../platform/project-root.ts';
import { Database } from '../platform/storage/database.ts';
import { startEmbeddedPostgres } from '../platform/storage/embedded-postgres.ts';
import { migrate } from '../platform/storage/migrate.ts';
import type { Settings } from '../settings.ts';

export async function lendDatabase<Result>(
  settings: Settings,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  if (settings.DATABASE_URL) return useDatabase(settings.DATABASE_URL, work);
  const lock = await lockDataFolder(settings.DATA_DIR);
  try {
    const postgres = await startEmbeddedPostgres(path.join(settings.DATA_DIR, 'postgres'));
    try {
      return await useDatabase(postgres.url, work);
    } finally {
      await postgres.stop();
    }
  } finally {
    await lock.release();
  }
}

async function useDatabase<Result>(
  url: string,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  await migrate(url, migrationsFolder);
  const database = new Database(url);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Lends a database to one command: the one that DATABASE_URL names, or the embedded one. */
import path from 'node:path';
import { lockDataFolder } from '../platform/ops/data-folder-lock.ts';
import { migrationsFolder } from '../platform/project-root.ts';
import { Database } from '../platform/storage/database.ts';
import { startEmbeddedPostgres } from '../platform/storage/embedded-postgres.ts';
import { migrate } from '../platform/storage/migrate.ts';
import type { Settings } from '../settings.ts';

/** As it is, migrated or not. */
export async function lendDatabaseUrl<Result>(
  settings: Settings,
  work: (url: string) => Promise<Result>,
): Promise<Result> {
  if (settings.DATABASE_URL) return work(settings.DATABASE_URL);
  const lock = await lockDataFolder(settings.DATA_DIR);
  try {
    const postgres = await startEmbeddedPostgres(path.join(settings.DATA_DIR, 'postgres'));
    try {
      return await work(postgres.url);
    } finally {
      await postgres.stop();
    }
  } finally {
    await lock.release();
  }
}

/** Migrated to the newest state. */
export async function lendDatabase<Result>(
  settings: Settings,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  return lendDatabaseUrl(settings, async (url) => {
    await migrate(url, migrationsFolder);
    const database = new Database(url);
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  });
}

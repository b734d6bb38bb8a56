/** `spanwatch migrate`: brings the database up to the newest migration. */
import path from 'node:path';
import { Command } from 'commander';
import { lockDataFolder } from '../platform/ops/data-folder-lock.ts';
import { migrationsFolder } from '../platform/project-root.ts';
import { startEmbeddedPostgres } from '../platform/storage/embedded-postgres.ts';
import { migrate, type MigrationReport } from '../platform/storage/migrate.ts';
import { readSettings, type Settings } from '../settings.ts';

export function migrateCommand(): Command {
  return new Command('migrate')
    .description('apply the SQL migrations that the database does not have yet')
    .option('--json', 'print the report as one line of JSON', false)
    .action(async ({ json }: { json: boolean }) => {
      const settings = readSettings();
      const report = settings.DATABASE_URL
        ? await migrate(settings.DATABASE_URL, migrationsFolder)
        : await migrateEmbedded(settings);
      process.stdout.write(`${json ? JSON.stringify(report) : describe(report)}\n`);
    });
}

async function migrateEmbedded(settings: Settings): Promise<MigrationReport> {
  const lock = await lockDataFolder(settings.DATA_DIR);
  try {
    const postgres = await startEmbeddedPostgres(path.join(settings.DATA_DIR, 'postgres'));
    try {
      return await migrate(postgres.url, migrationsFolder);
    } finally {
      await postgres.stop();
    }
  } finally {
    await lock.release();
  }
}

function describe({ applied, alreadyThere, flavour, serverVersion }: MigrationReport): string {
  const what = applied.length === 0 ? 'Nothing to apply' : `Applied ${applied.join(', ')}`;
  return `${what}; ${alreadyThere} were there already. ${flavour} ${serverVersion}.`;
}

/** `spanwatch migrate`: brings the database up to the newest migration. */
import { Command } from 'commander';
import { migrationsFolder } from '../platform/project-root.ts';
import { migrate, type MigrationReport } from '../platform/storage/migrate.ts';
import { readSettings } from '../settings.ts';
import { lendDatabaseUrl } from './lend-database.ts';

export function migrateCommand(): Command {
  return new Command('migrate')
    .description('apply the SQL migrations that the database does not have yet')
    .option('--json', 'print the report as one line of JSON', false)
    .action(async ({ json }: { json: boolean }) => {
      const report = await lendDatabaseUrl(readSettings(), (url) => migrate(url, migrationsFolder));
      process.stdout.write(`${json ? JSON.stringify(report) : describe(report)}\n`);
    });
}

function describe({ applied, alreadyThere, flavour, serverVersion }: MigrationReport): string {
  const what = applied.length === 0 ? 'Nothing to apply' : `Applied ${applied.join(', ')}`;
  return `${what}; ${alreadyThere} were there already. ${flavour} ${serverVersion}.`;
}

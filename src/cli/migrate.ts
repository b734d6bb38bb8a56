/** `spanwatch migrate`: brings the database up to the newest migration. */
import { Command } from 'commander';
import { migrationsFolder } from '../platform/project-root.ts';
import { describeRetention } from '../platform/storage/describe-retention.ts';
import { FLAVOURS, migrate, type MigrationReport } from '../platform/storage/migrate.ts';
import { readSettings, retentionDays } from '../settings.ts';
import { lendDatabaseUrl } from './lend-database.ts';

export function migrateCommand(): Command {
  return new Command('migrate')
    .option('--json', 'print the report as one line of JSON', false)
    .action(async ({ json }: { json: boolean }) => {
      const settings = readSettings();
      const report = await lendDatabaseUrl(settings, (url) => migrate(url, migrationsFolder));
      const retention = retentionDays(settings);
      const kept = `${describeRetention(retention, report.flavour)}.`;
      process.stdout.write(
        json ? `${JSON.stringify({ ...report, retention })}\n` : `${describe(report)}\n${kept}\n`,
      );
    });
}

function describe({
  applied,
  alreadyThere,
  flavour,
  serverVersion,
  chunks,
  warnings,
}: MigrationReport): string {
  const what = applied.length === 0 ? 'Nothing to apply' : `Applied ${applied.join(', ')}`;
  const sizes = chunks.map(
    ({ table, hours, rowsPerDay, memoryBytes }) =>
      `New chunks of ${table} span ${hours} hours: ${rowsPerDay} rows a day, and ${Math.round(memoryBytes / 2 ** 20)} MB of cache (effective_cache_size).`,
  );
  return [
    `${what}; ${alreadyThere} were there already.`,
    `${flavour} ${serverVersion}: ${FLAVOURS[flavour]}.`,
    ...sizes,
    ...warnings.map((warning) => `Left out: ${warning}.`),
  ].join('\n');
}

/** `spanwatch rejected replay`: reads rejected messages again and stores what can be stored now. */
import { Command } from 'commander';
import { replayRejected, type ReplayReport } from '../features/ingest/replay-rejected.ts';
import { readSettings } from '../settings.ts';
import { lendDatabase } from './lend-database.ts';
import { wholeNumber } from './read-option.ts';
import { addRejectedFilter, readRejectedFilter, type RejectedFilterOptions } from './rejected-filter.ts';
import { terminalProgress } from './terminal-progress.ts';

interface ReplayOptions extends RejectedFilterOptions {
  readonly limit: number;
  readonly dryRun: boolean;
  readonly json: boolean;
}

export function rejectedReplayCommand(): Command {
  return addRejectedFilter(new Command('replay'))
    .option('--limit <n>', 'at most so many, the oldest first', wholeNumber('--limit', 1), Infinity)
    .option('--dry-run', 'say what would come of it and change nothing', false)
    .option('--json', 'print the report as one line of JSON', false)
    .action(replay);
}

async function replay({ limit, dryRun, json, ...filterOptions }: ReplayOptions): Promise<void> {
  const settings = readSettings();
  const filter = readRejectedFilter(filterOptions);
  const report = await lendDatabase(settings, (database) =>
    replayRejected(
      database,
      { filter, limit, dryRun, unknownSensors: settings.UNKNOWN_SENSORS },
      terminalProgress(),
    ),
  );
  process.stdout.write(`${json ? JSON.stringify(report) : describe(report)}\n`);
}

function describe(report: ReplayReport): string {
  const { messages, replayed, readingsStored, readingsThereAlready, refused, refusedByReason, dryRun } =
    report;
  const reasons = Object.entries(refusedByReason).map(([code, count]) => `${count} ${code}`);
  return [
    dryRun
      ? `Would replay ${replayed} of ${messages} messages`
      : `Replayed ${replayed} of ${messages} messages`,
    `${readingsStored} readings ${dryRun ? 'would be ' : ''}stored, ${readingsThereAlready} were there already`,
    `${refused} messages are refused again${reasons.length > 0 ? ` (${reasons.join(', ')})` : ''}.`,
  ].join('; ');
}

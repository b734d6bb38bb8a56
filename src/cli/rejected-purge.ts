/** `spanwatch rejected purge`: deletes old rejected messages, after it was told to for certain. */
import { Command } from 'commander';
import { BadInput } from '../core/domain/failure.ts';
import { purgeRejected } from '../features/ingest/purge-rejected.ts';
import { sortInRejected } from '../features/ingest/sort-in-rejected.ts';
import { RejectedMessageRepository } from '../platform/storage/rejected-message-repository.ts';
import { readSettings } from '../settings.ts';
import { lendDatabase } from './lend-database.ts';
import { timeSpan } from './read-option.ts';
import {
  addRejectedFilter,
  readRejectedFilter,
  stateOption,
  type RejectedFilterOptions,
} from './rejected-filter.ts';
import { terminalProgress } from './terminal-progress.ts';

interface PurgeOptions extends RejectedFilterOptions {
  readonly olderThan: number;
  readonly yes: boolean;
  readonly json: boolean;
}

export function rejectedPurgeCommand(): Command {
  return addRejectedFilter(new Command('purge'))
    .requiredOption(
      '--older-than <span>',
      'received longer ago than this: 90m, 12h, 30d, 8w',
      timeSpan('--older-than'),
    )
    .addOption(stateOption('any'))
    .option('--yes', 'delete them; without it they are only counted', false)
    .option('--json', 'print the report as one line of JSON', false)
    .action(purge);
}

async function purge({ olderThan, yes, json, ...filterOptions }: PurgeOptions): Promise<void> {
  const settings = readSettings();
  const filter = readRejectedFilter(filterOptions);
  const receivedBefore = new Date(Date.now() - olderThan);
  const purged = await lendDatabase(settings, async (database) => {
    await sortInRejected(database, settings.UNKNOWN_SENSORS);
    const repository = new RejectedMessageRepository(database);
    if (yes) return purgeRejected(repository, filter, receivedBefore, terminalProgress());
    const count = await repository.countBefore(filter, receivedBefore);
    throw new BadInput(
      'purge-not-confirmed',
      `${count} messages received before ${receivedBefore.toISOString()} would be deleted for good: give --yes to do it.`,
    );
  });
  const report = { purged, receivedBefore };
  process.stdout.write(`${json ? JSON.stringify(report) : `Deleted ${purged} rejected messages.`}\n`);
}

/** `spanwatch rejected list`: which messages could not be stored, and why. */
import { Command } from 'commander';
import { sortInRejected } from '../features/ingest/sort-in-rejected.ts';
import {
  RejectedMessageRepository,
  type ReasonCount,
  type RejectedFilter,
  type RejectedRow,
} from '../platform/storage/rejected-message-repository.ts';
import { readSettings } from '../settings.ts';
import { lendDatabase } from './lend-database.ts';
import { wholeNumber } from './read-option.ts';
import {
  addRejectedFilter,
  readRejectedFilter,
  stateOption,
  type RejectedFilterOptions,
} from './rejected-filter.ts';

interface ListOptions extends RejectedFilterOptions {
  readonly limit: number;
  readonly count: boolean;
  readonly json: boolean;
}

/** As many are read at once. */
const PAGE_MESSAGES = 500;

export function rejectedListCommand(): Command {
  return addRejectedFilter(new Command('list'))
    .addOption(stateOption('waiting'))
    .option('--limit <n>', 'at most so many', wholeNumber('--limit', 1), 50)
    .option('--count', 'count by reason instead of listing', false)
    .option('--json', 'print one line of JSON a message, or a reason', false)
    .action(list);
}

async function list({ limit, count, json, ...filterOptions }: ListOptions): Promise<void> {
  const settings = readSettings();
  const filter = readRejectedFilter(filterOptions);
  await lendDatabase(settings, async (database) => {
    await sortInRejected(database, settings.UNKNOWN_SENSORS);
    const repository = new RejectedMessageRepository(database);
    if (count) {
      const counts = await repository.countByReason(filter);
      for (const row of counts) print(json ? countAsJson(row) : countAsText(row));
      if (counts.length === 0 && !json) print('No message waits that fits.');
      return;
    }
    for await (const row of newestFirst(repository, filter, limit)) print(json ? asJson(row) : asText(row));
  });
}

async function* newestFirst(
  repository: RejectedMessageRepository,
  filter: RejectedFilter,
  limit: number,
): AsyncGenerator<RejectedRow> {
  let before: string | null = null;
  for (let left = limit; left > 0; left -= PAGE_MESSAGES) {
    const rows: RejectedRow[] = await repository.list(filter, Math.min(left, PAGE_MESSAGES), before);
    yield* rows;
    if (rows.length < PAGE_MESSAGES) return;
    before = rows.at(-1)!.rejected_message_id;
  }
}

function asJson(row: RejectedRow): string {
  return JSON.stringify({
    rejectedMessageId: row.rejected_message_id,
    receivedAt: row.received_at,
    topic: row.topic,
    reasonCode: row.reason_code,
    reason: row.reason,
    replayedAt: row.replayed_at,
    payloadBytes: row.payload_bytes,
    payloadStart: row.payload.toString('utf8'),
  });
}

/** What a stranger sent must not steer the terminal. */
function asText(row: RejectedRow): string {
  const replayed = row.replayed_at ? `, replayed ${row.replayed_at.toISOString()}` : '';
  const cut = row.payload_bytes > row.payload.length ? '…' : '';
  return [
    `${row.received_at.toISOString()}  ${row.reason_code}  ${printable(row.topic)}  (${row.rejected_message_id}${replayed})`,
    `  ${printable(row.reason)}`,
    `  ${row.payload_bytes} bytes: ${printable(row.payload.toString('utf8'))}${cut}`,
  ].join('\n');
}

function printable(text: string): string {
  return text.replace(/\p{C}/gu, '·');
}

function countAsJson({ reason_code, messages, payload_bytes, oldest_at, newest_at }: ReasonCount): string {
  return JSON.stringify({
    reasonCode: reason_code,
    messages,
    payloadBytes: payload_bytes,
    oldestAt: oldest_at,
    newestAt: newest_at,
  });
}

function countAsText({ reason_code, messages, payload_bytes, oldest_at, newest_at }: ReasonCount): string {
  const span = `${oldest_at.toISOString()} to ${newest_at.toISOString()}`;
  return `${String(messages).padStart(9)}  ${reason_code.padEnd(22)}  ${span}  ${payload_bytes} bytes`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** `spanwatch review list`: what waits for a person's decision. */
import { Command } from 'commander';
import { personOf } from '../core/domain/review.ts';
import { ReviewRepository, type QueueRow } from '../platform/storage/review-repository.ts';
import { readSettings } from '../settings.ts';
import { lendDatabase } from './lend-database.ts';
import { wholeNumber } from './read-option.ts';

interface ListOptions {
  readonly limit: number;
  readonly as?: string;
  readonly line?: string;
  readonly json: boolean;
}

export function reviewListCommand(): Command {
  return new Command('list')
    .option('--limit <n>', 'at most so many', wholeNumber('--limit', 1, 500), 20)
    .option('--as <name>', 'who asks: what they decided is left out')
    .option('--line <id>', 'only of this line')
    .option('--json', 'print one line of JSON a finding', false)
    .action(list);
}

async function list({ limit, as, line, json }: ListOptions): Promise<void> {
  const person = as === undefined ? null : personOf(as);
  const rows = await lendDatabase(readSettings(), (database) =>
    new ReviewRepository(database).queue({ person, line: line ?? null, limit }),
  );
  for (const row of rows) process.stdout.write(`${json ? asJson(row) : asText(row)}\n`);
  if (json) return;
  const waiting = rows[0]?.waiting ?? 0;
  if (waiting === 0) process.stdout.write('Nothing waits for review.\n');
  else if (waiting > rows.length) process.stdout.write(`${waiting - rows.length} more wait.\n`);
}

function asJson(row: QueueRow): string {
  return JSON.stringify({
    findingId: row.finding_id,
    revision: row.revision,
    lineId: row.line_id,
    towerId: row.tower_id,
    flightId: row.flight_id,
    kind: row.kind,
    outcome: row.outcome,
    probability: row.probability,
    awaits: row.awaits,
    eventSeverity: row.event_severity,
    disagrees: row.disagrees,
    priority: row.priority,
    imageIds: row.image_ids,
  });
}

function asText(row: QueueRow): string {
  const what = `${row.outcome === 'clean' ? 'no ' : ''}${row.kind}`;
  const notes = [
    `${Math.round(100 * row.probability)} %`,
    row.awaits === 'first' ? null : `${row.awaits} opinion`,
    row.event_severity && `open ${row.event_severity} event`,
    row.disagrees && 'sensors say otherwise',
  ].filter(Boolean);
  return `${row.priority.toFixed(2).padStart(7)}  ${row.finding_id} revision ${row.revision}  ${`${row.line_id}/${row.tower_id}`.padEnd(12)}  ${what}, ${notes.join(', ')}`;
}

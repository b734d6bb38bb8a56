/**
 * What a flood of poison costs the good readings: messages as they come from the broker, read and written in the
 * batches of the MQTT door, with and without one message in two that can never be stored. What is put by is sorted in
 * meanwhile as it is there; that all of it is kept in the end is checked after each round, and timed.
 *
 * @example npm run bench:poison -- --messages 100000 --rounds 5
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { quantile } from '../../src/core/statistics/quantile.ts';
import { BatchWriter } from '../../src/features/ingest/batch-writer.ts';
import { RejectedBacklog } from '../../src/features/ingest/rejected-backlog.ts';
import { readMessage, type SentMessage } from '../../src/features/ingest/read-message.ts';
import { sortInBatches } from '../../src/features/ingest/sort-in-rejected.ts';
import { migrationsFolder } from '../../src/platform/project-root.ts';
import { Database } from '../../src/platform/storage/database.ts';
import { startEmbeddedPostgres } from '../../src/platform/storage/embedded-postgres.ts';
import { migrate } from '../../src/platform/storage/migrate.ts';
import { SensorRepository } from '../../src/platform/storage/sensor-repository.ts';

/** As the MQTT door has them. */
const BATCH_MESSAGES = 2_000;
const SENSORS = 200;
/** A device that is replaced by poison must cost no more than it did when it was well. */
const LOWEST_RATIO = 0.5;

const { values } = parseArgs({
  options: {
    // So many that the flood lasts until sorting in begins.
    messages: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '5' },
  },
});
const count = Number(values.messages);
const rounds = Number(values.rounds);
const receivedAt = new Date('2026-06-01T00:00:00Z');
const topicOf = (n: number) => `spanwatch/v1/L01/T${n % SENSORS}/Z${n % SENSORS}/impedance`;

const folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-bench-'));
const postgres = await startEmbeddedPostgres(path.join(folder, 'postgres'));
try {
  await migrate(postgres.url, migrationsFolder);
  const database = new Database(postgres.url);
  await measure(database);
  await database.close();
} finally {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

async function measure(database: Database): Promise<void> {
  const backlog = new RejectedBacklog(database, sortInBatches(database, 'register'), {
    info: () => {},
    warn: () => {},
    error: () => {},
  });
  backlog.start();
  const clean: number[] = [];
  const poisoned: number[] = [];
  const behind: number[] = [];
  for (let round = -1; round < rounds; round++) {
    // In turn, so that whatever else the machine does meets both; the first round warms up.
    const cleanRate = await run(database, backlog, 2 * round + 2, false);
    const poisonedRate = await run(database, backlog, 2 * round + 3, true);
    const sortedInSeconds = await waitUntilKept(database, (round + 2) * count);
    if (round < 0) continue;
    clean.push(cleanRate);
    poisoned.push(poisonedRate);
    behind.push(sortedInSeconds);
  }
  await backlog.stop(0);
  const ratios = clean.map((rate, round) => poisoned[round]! / rate);
  const report = {
    goodRowsPerSecond: Math.round(quantile(clean, 0.5)),
    goodRowsPerSecondWithPoison: Math.round(quantile(poisoned, 0.5)),
    poisonShare: 0.5,
    ratio: round3(quantile(ratios, 0.5)),
    ratios: ratios.map(round3),
    lowestRatio: LOWEST_RATIO,
    secondsUntilAllIsSortedIn: round3(quantile(behind, 0.5)),
    messages: count,
    rounds,
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

/** @returns good rows a second */
async function run(
  database: Database,
  backlog: RejectedBacklog,
  pass: number,
  withPoison: boolean,
): Promise<number> {
  const writer = new BatchWriter(database, new SensorRepository(database), 'register', (rejected) =>
    backlog.keep(rejected),
  );
  const messages: SentMessage[] = [];
  for (let n = 0; n < count; n++) {
    messages.push(message(n, good(n, pass)));
    if (withPoison) messages.push(message(n, poison(n, pass)));
  }
  const startedAt = performance.now();
  let stored = 0;
  let underWay = Promise.resolve();
  for (let at = 0; at < messages.length; at += BATCH_MESSAGES) {
    // Read while the batch before is being written, as at the door.
    const batch = messages.slice(at, at + BATCH_MESSAGES).map(readMessage);
    await underWay;
    underWay = writer.write(batch).then((outcome) => void (stored += outcome.stored));
  }
  await underWay;
  const seconds = (performance.now() - startedAt) / 1_000;
  if (stored !== count) throw new Error(`Stored ${stored} readings instead of ${count}.`);
  return stored / seconds;
}

/** Every poisonous message is in `rejected_message` in the end, and the clean run after it begins with none left. */
async function waitUntilKept(database: Database, expected: number): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const { rows } = await database.query<{ waiting: boolean }>(
      'SELECT EXISTS (SELECT FROM rejected_batch) AS waiting',
    );
    if (!rows[0]!.waiting) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const { rows } = await database.query<{ kept: number }>(
    'SELECT count(*)::int AS kept FROM rejected_message',
  );
  if (rows[0]!.kept !== expected) throw new Error(`Kept ${rows[0]!.kept} messages instead of ${expected}.`);
  return seconds;
}

function message(n: number, text: string): SentMessage {
  return { topic: topicOf(n), payload: Buffer.from(text), receivedAt };
}

/** Every reading is new. */
function good(n: number, pass: number): string {
  const observedAt = new Date(
    Date.UTC(2020, 0, 1) + pass * 10_000_000_000 + Math.floor(n / SENSORS) * 60_000,
  );
  return JSON.stringify({
    observedAt,
    resistanceOhm: 0.02 + n / 1e7,
    reactanceOhm: 0.145,
    leakageMilliampere: 0.35,
    loadAmpere: n % 900,
  });
}

/** Every message is another, or it would be kept once; the cases take turns. */
function poison(n: number, pass: number): string {
  const text = good(n, pass);
  switch (n % 4) {
    case 0:
      return text.slice(0, -1);
    case 1:
      return text.replace('"reactanceOhm":0.145', '"reactanceOhm":"high"');
    case 2:
      return text.replace('"leakageMilliampere":0.35', '"leakageMilliampere":-5');
    default:
      return text.replace(/"observedAt":"20/, '"observedAt":"21');
  }
}

function round3(ratio: number): number {
  return Math.round(1_000 * ratio) / 1_000;
}

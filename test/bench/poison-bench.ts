/**
 * What a flood of poison costs the good readings: messages as they come from the broker, read and written in the
 * batches of the MQTT door, with and without one message in two that can never be stored.
 *
 * @example npm run bench:poison -- --messages 40000 --rounds 5
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { BatchWriter } from '../../src/features/ingest/batch-writer.ts';
import { readMessage, type SentMessage } from '../../src/features/ingest/read-message.ts';
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
    messages: { type: 'string', default: '40000' },
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
  const clean: number[] = [];
  const poisoned: number[] = [];
  for (let round = -1; round < rounds; round++) {
    // In turn, so that whatever else the machine does meets both; the first round warms up.
    const cleanRate = await run(database, 2 * round + 2, false);
    const poisonedRate = await run(database, 2 * round + 3, true);
    if (round < 0) continue;
    clean.push(cleanRate);
    poisoned.push(poisonedRate);
  }
  const ratios = clean.map((rate, round) => poisoned[round]! / rate);
  const report = {
    goodRowsPerSecond: Math.round(median(clean)),
    goodRowsPerSecondWithPoison: Math.round(median(poisoned)),
    poisonShare: 0.5,
    ratio: round3(median(ratios)),
    ratios: ratios.map(round3),
    lowestRatio: LOWEST_RATIO,
    messages: count,
    rounds,
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

/** @returns good rows a second */
async function run(database: Database, pass: number, withPoison: boolean): Promise<number> {
  const writer = new BatchWriter(database, new SensorRepository(database), 'register');
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

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function round3(ratio: number): number {
  return Math.round(1_000 * ratio) / 1_000;
}

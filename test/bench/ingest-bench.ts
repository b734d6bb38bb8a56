/**
 * From a broker's backlog to committed rows, against binary COPY of the same rows into the same table by one connection.
 *
 * Needs mosquitto; uses the server that DATABASE_URL names (a database of its own there), else the embedded one.
 *
 * @example npm run bench:ingest -- --rows 1000000 --per-message 100
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { impedance } from '../../src/catalogue/sensors/impedance/impedance.ts';
import type { Reading } from '../../src/core/domain/reading.ts';
import { IngestService } from '../../src/features/ingest/ingest.service.ts';
import { connectPublisher } from '../../src/platform/mqtt/mqtt-publisher.ts';
import { migrationsFolder } from '../../src/platform/project-root.ts';
import { Database } from '../../src/platform/storage/database.ts';
import { startEmbeddedPostgres } from '../../src/platform/storage/embedded-postgres.ts';
import { migrate } from '../../src/platform/storage/migrate.ts';
import { ReadingRepository } from '../../src/platform/storage/reading-repository.ts';
import { SensorRepository } from '../../src/platform/storage/sensor-repository.ts';
import { readSettings } from '../../src/settings.ts';
import { createDatabase, databaseUrl, dropDatabase } from '../support/database-admin.ts';
import { startMosquitto } from '../support/test-brokers.ts';

const NAME = 'spanwatch_bench';
const SENSORS = 100;
const BEGIN = Date.UTC(2026, 0, 1);
/** Rows a COPY of the peer: all in one statement, in pieces that a socket takes. */
const PEER_ROWS = 50_000;
const MESSAGES_AT_ONCE = 2_000;

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '500000' }, 'per-message': { type: 'string', default: '100' } },
});
const [rows, perMessage] = [Number(values.rows), Number(values['per-message'])];

const folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-bench-'));
const given = readSettings().DATABASE_URL;
const cluster = given
  ? { url: given, stop: async () => {} }
  : await startEmbeddedPostgres(path.join(folder, 'postgres'));
const broker = await startMosquitto(0);
await createDatabase(cluster.url, NAME);
const { flavour, serverVersion } = await migrate(databaseUrl(cluster.url, NAME), migrationsFolder);
const database = new Database(databaseUrl(cluster.url, NAME));
try {
  await registerSensors();
  const copied = await copyAll();
  await database.query('TRUNCATE impedance_reading');
  const ingested = await ingestAll();
  const rate = (seconds: number): number => Math.round(rows / seconds);
  process.stdout.write(
    `${JSON.stringify({
      database: `${flavour} ${serverVersion}`,
      rows,
      perMessage,
      copyRowsPerSecond: rate(copied),
      ingestRowsPerSecond: rate(ingested.seconds),
      ingestMessagesPerSecond: Math.round(rows / perMessage / ingested.seconds),
      ratio: Number((copied / ingested.seconds).toFixed(3)),
      limit: perMessage === 1 ? 40 / 190 : 0.8,
      ingestCpuShare: Number((ingested.cpuSeconds / ingested.seconds).toFixed(2)),
      residentMegabytes: Math.round(process.memoryUsage().rss / 1e6),
    })}\n`,
  );
} finally {
  await database.close();
  await dropDatabase(cluster.url, NAME);
  await broker.stop();
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
}

/** Row i: sensors take turns, in messages of one sensor each. */
function readingAt(row: number): Reading {
  const message = Math.floor(row / perMessage);
  const turn = Math.floor(message / SENSORS);
  return {
    sensorId: `bench-${message % SENSORS}`,
    kind: 'impedance',
    observedAt: new Date(BEGIN + (turn * perMessage + (row % perMessage)) * 1_000),
    values: {
      resistanceOhm: 0.0218 + row * 1e-9,
      reactanceOhm: 0.145,
      leakageMilliampere: 0.35,
      loadAmpere: row % 500,
    },
  };
}

async function registerSensors(): Promise<void> {
  await new SensorRepository(database).register(
    Array.from({ length: SENSORS }, (_, index) => ({
      lineId: 'L01',
      towerId: 'T01',
      sensorId: `bench-${index}`,
      kind: 'impedance',
    })),
  );
}

/** @returns seconds, without the time it takes to make the rows */
async function copyAll(): Promise<number> {
  const repository = new ReadingRepository();
  let seconds = 0;
  for (let from = 0; from < rows; from += PEER_ROWS) {
    const bytes = repository.encode(
      impedance,
      Array.from({ length: Math.min(PEER_ROWS, rows - from) }, (_, index) => readingAt(from + index)),
    );
    const begun = performance.now();
    await database.transaction((client) =>
      client.copyIn(repository.copyStatement('impedance_reading', impedance), bytes),
    );
    seconds += (performance.now() - begun) / 1000;
  }
  return seconds;
}

/** The broker holds everything before we start, so that no publisher competes for the machine. */
async function ingestAll(): Promise<{ seconds: number; cpuSeconds: number }> {
  await (await startIngest(() => {})).stop();
  const publisher = await connectPublisher(broker.url);
  for (let from = 0; from < rows;) {
    const sending: Promise<void>[] = [];
    for (; sending.length < MESSAGES_AT_ONCE && from < rows; from += perMessage) {
      const sent = Array.from({ length: perMessage }, (_, index) => {
        const { observedAt, values: quantities } = readingAt(from + index);
        return { observedAt: observedAt.toISOString(), ...quantities };
      });
      const topic = `spanwatch/v1/L01/T01/${readingAt(from).sensorId}/impedance`;
      sending.push(publisher.publish(topic, JSON.stringify(perMessage === 1 ? sent[0] : sent)));
    }
    await Promise.all(sending);
  }
  await publisher.close();
  const begun = performance.now();
  const cpu = process.cpuUsage();
  let ingest: IngestService | undefined;
  await new Promise<void>((resolve, reject) => {
    let stored = 0;
    startIngest((count) => {
      stored += count;
      if (stored >= rows) resolve();
    }).then((started) => (ingest = started), reject);
  });
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await ingest?.stop();
  return { seconds, cpuSeconds: (user + system) / 1e6 };
}

async function startIngest(onStored: (count: number) => void): Promise<IngestService> {
  const say = (...words: unknown[]) => void process.stderr.write(`${String(words.at(-1))}\n`);
  const ingest = new IngestService({
    database,
    logger: { info: () => {}, warn: say, error: say },
    metrics: {
      stored: onStored,
      duplicate: (count) => count > 0 && say(`${count} duplicates`),
      conflict: (count) => count > 0 && say(`${count} conflicts`),
      rejected: (code) => say(code),
      batchSeconds: () => {},
    },
    mqttUrl: broker.url,
    session: { clientId: 'bench', release: async () => {} },
    unknownSensors: 'register',
  });
  await ingest.start();
  return ingest;
}

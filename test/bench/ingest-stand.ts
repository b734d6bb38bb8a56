/** What the ingest benchmarks share: a database, a broker, the readings that are sent, and ingest in processes of its own. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { impedance } from '../../src/catalogue/sensors/impedance/impedance.ts';
import type { Reading } from '../../src/core/domain/reading.ts';
import { connectPublisher, type MqttPublisher } from '../../src/platform/mqtt/mqtt-publisher.ts';
import { migrationsFolder } from '../../src/platform/project-root.ts';
import { Database } from '../../src/platform/storage/database.ts';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../src/platform/storage/embedded-postgres.ts';
import { migrate } from '../../src/platform/storage/migrate.ts';
import { ReadingRepository } from '../../src/platform/storage/reading-repository.ts';
import { SensorRepository } from '../../src/platform/storage/sensor-repository.ts';
import { readSettings } from '../../src/settings.ts';
import { createDatabase, databaseUrl, dropDatabase } from '../support/database-admin.ts';
import { findFreePort } from '../support/ports.ts';
import { startMosquitto, type TestBroker } from '../support/test-brokers.ts';
import type { FromIngest, IngestOrder } from './ingest-process.ts';

const NAME = 'spanwatch_bench';
const SENSORS = 100;
const BEGIN = Date.UTC(2026, 0, 1);
/** Rows a COPY of the peer: all in one statement, in pieces that a socket takes. */
const PEER_ROWS = 50_000;
const MESSAGES_AT_ONCE = 2_000;

export interface IngestStand {
  readonly database: Database;
  readonly databaseUrl: string;
  /** For files of the run; gone when it stops. */
  readonly folder: string;
  readonly broker: TestBroker;
  /** Name and version of the server. */
  readonly server: string;
  /** The embedded server, to be stopped and started; absent where DATABASE_URL names one. */
  readonly postgres: { stop(): Promise<void>; start(): Promise<void> } | undefined;
  /** A process that is loaded and not connected yet. */
  forkIngest(order?: Partial<IngestOrder>): Promise<IngestProcess>;
  /** Another, which knows no session. */
  renewBroker(): Promise<void>;
  stop(): Promise<void>;
}

export interface IngestProcess {
  /** Connects; what the broker kept comes at once. */
  start(): Promise<void>;
  /** Rows stored since the start. */
  readonly stored: number;
  /** Called whenever more rows are stored. */
  onStored(listener: (count: number) => void): void;
  /** Takes nothing more, writes what it took, and says what it used. */
  stop(): Promise<{ cpuSeconds: number; peakMegabytes: number }>;
  /** Now, MB. */
  residentMegabytes(): Promise<number>;
}

export async function startStand(): Promise<IngestStand> {
  const folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-bench-'));
  const given = readSettings().DATABASE_URL;
  const place = path.join(folder, 'postgres');
  const port = await findFreePort();
  let embedded: EmbeddedPostgres | undefined = given ? undefined : await startEmbeddedPostgres(place, port);
  const clusterUrl = given ?? embedded!.url;
  let broker = await startMosquitto(0);
  await createDatabase(clusterUrl, NAME);
  const url = databaseUrl(clusterUrl, NAME);
  const { flavour, serverVersion } = await migrate(url, migrationsFolder);
  const database = new Database(url);
  await registerSensors(database);
  return {
    database,
    databaseUrl: url,
    folder,
    get broker() {
      return broker;
    },
    server: `${flavour} ${serverVersion}`,
    postgres: embedded && {
      stop: async () => embedded!.stop(),
      start: async () => void (embedded = await startEmbeddedPostgres(place, port)),
    },
    forkIngest: (order = {}) =>
      forkIngest({ databaseUrl: url, brokerUrl: broker.url, clientId: 'bench', ...order }),
    renewBroker: async () => {
      await broker.stop();
      broker = await startMosquitto(0);
    },
    stop: async () => {
      await database.close();
      await dropDatabase(clusterUrl, NAME);
      await broker.stop();
      await embedded?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function registerSensors(database: Database): Promise<void> {
  await new SensorRepository(database).register(
    Array.from({ length: SENSORS }, (_, index) => ({
      lineId: 'L01',
      towerId: 'T01',
      sensorId: `bench-${index}`,
      kind: 'impedance',
    })),
  );
}

async function forkIngest(order: IngestOrder): Promise<IngestProcess> {
  const child = fork(new URL('./ingest-process.js', import.meta.url), [JSON.stringify(order)]);
  let stored = 0;
  let listener: (count: number) => void = () => {};
  const answers = new Map<FromIngest['say'], (answer: FromIngest) => void>();
  const answer = <Say extends FromIngest['say']>(say: Say) =>
    new Promise<Extract<FromIngest, { say: Say }>>((resolve) =>
      answers.set(say, resolve as (answer: FromIngest) => void),
    );
  child.on('message', (message) => {
    const said = message as FromIngest;
    if (said.say === 'stored') {
      stored += said.rows;
      listener(said.rows);
    } else answers.get(said.say)?.(said);
  });
  await answer('ready');
  return {
    start: async () => {
      child.send('start');
      await answer('listening');
    },
    get stored() {
      return stored;
    },
    onStored: (heard) => void (listener = heard),
    stop: async () => {
      child.send('stop');
      const used = await answer('used');
      await once(child, 'exit');
      return used;
    },
    residentMegabytes: async () => {
      child.send('resident');
      return (await answer('resident')).megabytes;
    },
  };
}

/** Row i: sensors take turns, in messages of one sensor each. */
export function readingAt(row: number, perMessage: number): Reading {
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

/** The message that begins with this row. */
export async function publishMessage(
  publisher: MqttPublisher,
  row: number,
  perMessage: number,
): Promise<void> {
  const sent = Array.from({ length: perMessage }, (_, index) => {
    const { observedAt, values } = readingAt(row + index, perMessage);
    return { observedAt: observedAt.toISOString(), ...values };
  });
  const topic = `spanwatch/v1/L01/T01/${readingAt(row, perMessage).sensorId}/impedance`;
  await publisher.publish(topic, JSON.stringify(perMessage === 1 ? sent[0] : sent));
}

/** So that the broker holds all of them when it returns. */
export async function publishRows(broker: TestBroker, rows: number, perMessage: number): Promise<void> {
  const publisher = await connectPublisher(broker.url);
  for (let from = 0; from < rows;) {
    const sending: Promise<void>[] = [];
    for (; sending.length < MESSAGES_AT_ONCE && from < rows; from += perMessage) {
      sending.push(publishMessage(publisher, from, perMessage));
    }
    await Promise.all(sending);
  }
  await publisher.close();
}

/** The peer: binary COPY by one connection. @returns seconds, without the time it takes to make the rows */
export async function copyRows(database: Database, rows: number, perMessage: number): Promise<number> {
  const repository = new ReadingRepository();
  let seconds = 0;
  for (let from = 0; from < rows; from += PEER_ROWS) {
    const bytes = repository.encode(
      impedance,
      Array.from({ length: Math.min(PEER_ROWS, rows - from) }, (_, index) =>
        readingAt(from + index, perMessage),
      ),
    );
    const begun = performance.now();
    await database.transaction((client) =>
      client.copyIn(repository.copyStatement('impedance_reading', impedance), bytes),
    );
    seconds += (performance.now() - begun) / 1000;
  }
  return seconds;
}

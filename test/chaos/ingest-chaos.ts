/**
 * Publishes for a while as faults come down on ingest, broker and database, then compares what the broker
 * acknowledged with what is stored, value by value. Needs mosquitto; ends with 1 when anything is lost or altered.
 *
 * @example npm run test:chaos -- --seconds 60 --seed 1
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connectAsync } from 'mqtt';
import pg from 'pg';
import { createRandom } from '../../src/core/statistics/random.ts';
import { migrationsFolder, spanwatchCommand } from '../../src/platform/project-root.ts';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../src/platform/storage/embedded-postgres.ts';
import { migrate } from '../../src/platform/storage/migrate.ts';
import { findFreePort, waitUntilOpen } from '../support/ports.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  },
});
const seconds = Number(values.seconds);
const random = createRandom(Number(values.seed));

const SENSORS = 20;
/** Messages that wait for the broker's acknowledgement at most. */
const WINDOW = 200;
/** One message in so many can never be stored. */
const POISON = 25;
/** How long the rest may take once the faults are over. */
const DRAIN_LIMIT_MS = 180_000;
/** When nothing more has come for so long, nothing will: longer than any pause between attempts. */
const QUIET_MS = 20_000;
const BEGIN = Date.UTC(2026, 0, 1);

const folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-chaos-'));
const [brokerPort, databasePort] = [await findFreePort(), await findFreePort()];
const postgresFolder = path.join(folder, 'postgres');
let postgres: EmbeddedPostgres = await startEmbeddedPostgres(postgresFolder, databasePort);
await migrate(postgres.url, migrationsFolder);
let over = false;
let broker = await startBroker();
let ingest = startIngest();
const counted: Record<string, number> = {};

interface Fault {
  readonly name: string;
  readonly run: () => Promise<void>;
}
const ALL_FAULTS: readonly Fault[] = [
  { name: 'ingest killed', run: killIngest },
  { name: 'broker restarted', run: restartBroker },
  { name: 'database stopped at once', run: stopDatabase },
  { name: 'database frozen', run: freezeDatabase },
  { name: 'connections cut', run: cutConnections },
  { name: 'connections used up', run: useUpConnections },
];
const FAULTS = ALL_FAULTS.filter(({ name }) => name.includes(values.only));

/** What the broker acknowledged: a value for each sensor and instant. */
const acknowledged = new Map<string, number>();
let [sent, poisonAcknowledged] = [0, 0];
let publishing = true;
await waitUntilListening();
const publisher = publish();
const until = performance.now() + seconds * 1000;
for (let round = 0; performance.now() < until; round++) {
  await sleep(500 + random.uniform() * 3_000);
  const fault = FAULTS[round < FAULTS.length ? round : Math.floor(random.uniform() * FAULTS.length)]!;
  counted[fault.name] = (counted[fault.name] ?? 0) + 1;
  process.stderr.write(`${fault.name}\n`);
  await fault.run();
}
publishing = false;
await publisher;
const report = await compare();
process.stdout.write(
  `${JSON.stringify({ seconds, seed: Number(values.seed), faults: counted, sent, ...report })}\n`,
);
over = true;
ingest.kill('SIGKILL');
broker.kill('SIGKILL');
await postgres.stop();
await rm(folder, { recursive: true, force: true });
process.exitCode = report.lost + report.altered + report.doubled + report.poisonLost > 0 ? 1 : 0;

/** What is published before there is a subscription is nobody's. */
async function waitUntilListening(): Promise<void> {
  const probe = await connectAsync(`mqtt://127.0.0.1:${brokerPort}`, { protocolVersion: 5 });
  const client = await connectDatabase();
  for (;;) {
    await probe.publishAsync('spanwatch/v1/probe', 'is anybody there?', { qos: 1 });
    await sleep(200);
    const { rowCount } = await client.query(
      "DELETE FROM rejected_message WHERE topic = 'spanwatch/v1/probe'",
    );
    if (rowCount) break;
  }
  await sleep(500);
  await client.query("DELETE FROM rejected_message WHERE topic = 'spanwatch/v1/probe'");
  await client.end();
  await probe.endAsync();
}

async function publish(): Promise<void> {
  const client = await connectAsync(
    `mqtt://127.0.0.1:${brokerPort}`,
    { protocolVersion: 5, clientId: 'chaos', clean: false, reconnectPeriod: 100 },
    true,
  );
  client.on('error', () => {});
  const waiting = new Set<Promise<void>>();
  for (let message = 0; publishing; message++) {
    const topic = `spanwatch/v1/north/T-1/chaos-${message % SENSORS}/impedance`;
    const isPoison = message % POISON === POISON - 1;
    const observedAt = new Date(BEGIN + message * 1_000).toISOString();
    const payload = isPoison
      ? `not JSON ${message}`
      : JSON.stringify({ observedAt, loadAmpere: message % 9_000 });
    sent++;
    const taken = client.publishAsync(topic, payload, { qos: 1 }).then(
      () => {
        if (isPoison) poisonAcknowledged++;
        else acknowledged.set(`chaos-${message % SENSORS} ${observedAt}`, message % 9_000);
      },
      () => {},
    );
    const done: Promise<void> = taken.finally(() => waiting.delete(done));
    waiting.add(done);
    while (publishing && waiting.size >= WINDOW) await Promise.race([...waiting, sleep(1_000)]);

    if (message % 10 === 0) await sleep(5);
  }
  await Promise.race([Promise.all(waiting), sleep(20_000)]);
  await client.endAsync(true);
}

async function compare() {
  const client = await connectDatabase();
  const deadline = performance.now() + DRAIN_LIMIT_MS;
  let [last, quietSince] = [-1, performance.now()];
  for (;;) {
    const { rows } = await client.query<{ count: number }>(
      'SELECT (SELECT count(*) FROM impedance_reading)::int + (SELECT count(*) FROM rejected_message)::int AS count',
    );
    const count = rows[0]!.count;
    if ((count >= acknowledged.size + poisonAcknowledged && count === last) || performance.now() > deadline)
      break;
    if (count !== last) quietSince = performance.now();
    if (performance.now() - quietSince > QUIET_MS) break;
    last = count;
    await sleep(1_000);
  }
  const { rows } = await client.query<{ key: string; value: number }>(
    `SELECT sensor_id || ' ' || to_char(observed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS key, load_ampere AS value
       FROM impedance_reading`,
  );
  const conflicts = await client.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM reading_conflict',
  );
  const rejected = await client.query<{ count: number }>(
    'SELECT count(DISTINCT payload)::int AS count FROM rejected_message',
  );
  await client.end();
  const stored = new Map(rows.map(({ key, value }) => [key, value]));
  const pairs = [...acknowledged];
  return {
    acknowledged: acknowledged.size,
    stored: rows.length,
    lost: pairs.filter(([key]) => !stored.has(key)).length,
    altered: pairs.filter(([key, value]) => stored.has(key) && stored.get(key) !== value).length,
    doubled: rows.length - stored.size + conflicts.rows[0]!.count,
    poison: poisonAcknowledged,
    poisonLost: Math.max(0, poisonAcknowledged - rejected.rows[0]!.count),
  };
}

async function connectDatabase(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: postgres.url });
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** Started again whenever it ends, as a service manager would: it gives up where the database is away at its start. */
function startIngest(): ChildProcess {
  const child = spawn(process.execPath, [spanwatchCommand, 'start', '--roles', 'ingest'], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      DATABASE_URL: postgres.url,
      MQTT_URL: `mqtt://127.0.0.1:${brokerPort}`,
      DATA_DIR: path.join(folder, 'data'),
      PORT: '0',
      LOG_LEVEL: 'warn',
    },
  });
  child.once('exit', () => {
    if (!over) setTimeout(() => (ingest = startIngest()), 500);
  });
  return child;
}

async function killIngest(): Promise<void> {
  ingest.kill('SIGKILL');
  await once(ingest, 'exit');
}

async function startBroker(): Promise<ChildProcess> {
  const kept = path.join(folder, 'broker');
  await mkdir(kept, { recursive: true, mode: 0o777 });
  spawnSync('chmod', ['777', folder, kept]);
  const file = path.join(folder, 'mosquitto.conf');
  const lines = [
    `listener ${brokerPort} 127.0.0.1`,
    'allow_anonymous true',
    'persistence true',
    `persistence_location ${kept}/`,
    'max_queued_messages 0',
    '',
  ];
  await writeFile(file, lines.join('\n'));
  const server = spawn('mosquitto', ['-c', file], { stdio: 'ignore' });
  await waitUntilOpen(brokerPort);
  return server;
}

/** In order, so that it writes down what it holds; a broker that is killed loses what it said it had. */
async function restartBroker(): Promise<void> {
  broker.kill('SIGTERM');
  await once(broker, 'exit');
  await sleep(random.uniform() * 2_000);
  broker = await startBroker();
}

async function postmaster(): Promise<number> {
  return Number((await readFile(path.join(postgresFolder, 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

/** As at a power cut: nothing is written down, and recovery has to do it. */
async function stopDatabase(): Promise<void> {
  const pid = await postmaster();
  process.kill(pid, 'SIGQUIT');
  for (;;) {
    try {
      process.kill(pid, 0);
      await sleep(20);
    } catch {
      break;
    }
  }
  await sleep(random.uniform() * 3_000);
  postgres = await startEmbeddedPostgres(postgresFolder, databasePort);
}

async function freezeDatabase(): Promise<void> {
  const pid = await postmaster();
  const { stdout } = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
  const pids = [pid, ...stdout.trim().split('\n').filter(Boolean).map(Number)];
  const signal = (name: NodeJS.Signals): void =>
    pids.forEach((each) => {
      try {
        process.kill(each, name);
      } catch {
        // A backend may have ended meanwhile.
      }
    });
  signal('SIGSTOP');
  await sleep(3_000);
  signal('SIGCONT');
}

async function cutConnections(): Promise<void> {
  const client = await connectDatabase();
  await client.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'spanwatch%'",
  );
  await client.end();
}

async function useUpConnections(): Promise<void> {
  const clients = await Promise.allSettled(Array.from({ length: 70 }, connectDatabase));
  await cutConnectionsOf(clients);
  await sleep(3_000);
  for (const client of clients) if (client.status === 'fulfilled') await client.value.end().catch(() => {});
}

/** Ingest's own go too: when it comes back there is none to be had. */
async function cutConnectionsOf(clients: readonly PromiseSettledResult<pg.Client>[]): Promise<void> {
  const one = clients.find((client) => client.status === 'fulfilled');
  if (one?.status !== 'fulfilled') return;
  await one.value
    .query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'spanwatch'")
    .catch(() => {});
}

/** Telegraf (`mqtt_consumer` to `postgresql`) over the backlog that ingest gets, into a table of the same columns. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { connectAsync } from 'mqtt';
import { publishRows, type IngestStand } from './ingest-stand.ts';

const CLIENT_ID = 'telegraf';
const TOPIC = 'spanwatch/v1/+/+/+/impedance';
const TABLE = 'telegraf_reading';
/** From 2,000 to 20,000 rows made no difference that could be measured. */
const BATCH_ROWS = 5_000;
/** Go's garbage collector runs less often than by default: a fifth more rows a second at 100 a message. */
const ENVIRONMENT = { ...process.env, GOGC: '400' };

/**
 * To Telegraf's advantage: the quantities are named as in the payload, which saves it a renaming; no unique key, as its
 * COPY cannot leave out what is there already; and not a hypertable.
 */
const CREATE_TABLE = `CREATE TABLE ${TABLE} (
  sensor_id            text NOT NULL,
  observed_at          timestamptz NOT NULL,
  received_at          timestamptz NOT NULL DEFAULT now(),
  "resistanceOhm"      double precision,
  "reactanceOhm"       double precision,
  "leakageMilliampere" double precision,
  "loadAmpere"         double precision
)`;

/** For example `Telegraf 1.34.4`. */
export function telegrafVersion(binary: string): string {
  const { stdout, error } = spawnSync(binary, ['--version'], { encoding: 'utf8' });
  if (error || !stdout.startsWith('Telegraf ')) {
    throw new Error(
      `--telegraf ${binary}: ${error?.message ?? 'not a Telegraf'}; give the path of its binary`,
    );
  }
  return stdout.trim();
}

/** @returns seconds from its connection to the broker until the last batch is committed */
export async function runTelegraf(
  binary: string,
  stand: IngestStand,
  rows: number,
  perMessage: number,
): Promise<number> {
  await stand.database.query(CREATE_TABLE);
  try {
    await stand.renewBroker();
    await keepSession(stand.broker.url);
    await publishRows(stand.broker, rows, perMessage);
    const file = path.join(stand.folder, 'telegraf.conf');
    await writeFile(file, configuration(stand, perMessage));
    const telegraf = spawn(binary, ['--config', file, '--debug'], {
      env: ENVIRONMENT,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const seconds = await secondsUntilWritten(telegraf, rows).finally(() => stop(telegraf));
    const { rows: counted } = await stand.database.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM ${TABLE}`,
    );
    if (counted[0]!.count !== rows) throw new Error(`Telegraf stored ${counted[0]!.count} rows of ${rows}`);
    return seconds;
  } finally {
    await stand.database.query(`DROP TABLE ${TABLE}`);
  }
}

/** Makes the session that Telegraf takes up, for which the broker keeps what comes. */
async function keepSession(brokerUrl: string): Promise<void> {
  const client = await connectAsync(brokerUrl, { clientId: CLIENT_ID, clean: false });
  await client.subscribeAsync(TOPIC, { qos: 1 });
  await client.endAsync();
}

function configuration(stand: IngestStand, perMessage: number): string {
  // With fewer messages than make a batch, each batch would wait for the flush interval.
  const undelivered = Math.max(4_000, Math.ceil((4 * BATCH_ROWS) / perMessage));
  return `
[agent]
  omit_hostname = true
  flush_interval = "200ms"
  metric_batch_size = ${BATCH_ROWS}
  # All that may be undelivered: what is beyond the limit is dropped.
  metric_buffer_limit = ${undelivered * perMessage}
[[inputs.mqtt_consumer]]
  servers = ["tcp://127.0.0.1:${stand.broker.port}"]
  topics = ["${TOPIC}"]
  topic_tag = ""
  qos = 1
  client_id = "${CLIENT_ID}"
  persistent_session = true
  max_undelivered_messages = ${undelivered}
  name_override = "${TABLE}"
  data_format = "json"
  json_time_key = "observedAt"
  json_time_format = "2006-01-02T15:04:05.000Z"
  [[inputs.mqtt_consumer.topic_parsing]]
    topic = "${TOPIC}"
    tags = "_/_/_/_/sensor_id/_"
[[outputs.postgresql]]
  # One connection, the default: with more, messages are acknowledged before their rows are committed.
  connection = "${stand.databaseUrl}"
  timestamp_column_name = "observed_at"
  timestamp_column_type = "timestamp with time zone"
`;
}

/** From Telegraf's log, so that no query competes for the machine; what it calls written is committed. */
async function secondsUntilWritten(telegraf: ChildProcess, rows: number): Promise<number> {
  let begun: number | undefined;
  let written = 0;
  for await (const line of createInterface({ input: telegraf.stderr! })) {
    if (/ E! |dropped|panic/.test(line)) throw new Error(`Telegraf: ${line}`);
    if (line.includes('Connected [')) begun = performance.now();
    written += Number(/Wrote batch of (\d+) metrics/.exec(line)?.[1] ?? 0);
    if (begun !== undefined && written >= rows) return (performance.now() - begun) / 1000;
  }
  throw new Error(`Telegraf ended after ${written} of ${rows} rows`);
}

async function stop(telegraf: ChildProcess): Promise<void> {
  telegraf.stderr!.resume();
  if (telegraf.exitCode !== null || telegraf.signalCode !== null) return;
  const ended = once(telegraf, 'exit');
  telegraf.kill('SIGTERM');
  await ended;
}

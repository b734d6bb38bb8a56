/** Outages of the database that nobody announces: all of them hold messages, none makes poison of them. */
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { IngestService } from '../../src/features/ingest/ingest.service.ts';
import { startEmbeddedBroker } from '../../src/platform/mqtt/embedded-broker.ts';
import { connectPublisher, type MqttPublisher } from '../../src/platform/mqtt/mqtt-publisher.ts';
import { Database } from '../../src/platform/storage/database.ts';
import { eventually } from '../support/eventually.ts';
import { startMqttTap, type MqttTap } from '../support/mqtt-tap.ts';
import { startNetworkLink, type NetworkLink } from '../support/network-link.ts';
import { withTestDatabase } from '../support/test-database.ts';

const HELD = "readings can't be stored: messages are held, nothing is acknowledged";
const COMMIT_LIMIT_MS = 500;

const { database, url } = withTestDatabase();
const leftovers: (() => Promise<unknown>)[] = [];
let warnings: Record<string, unknown>[] = [];
let tap: MqttTap;
let link: NetworkLink;
let publisher: MqttPublisher;
let ingest: IngestService;

beforeEach(async () => {
  warnings = [];
  await database().query('TRUNCATE impedance_reading, rejected_message');
  const broker = await startEmbeddedBroker(0);
  tap = await startMqttTap(broker.port);
  link = await startNetworkLink(Number(new URL(url()).port));
  publisher = await connectPublisher(broker.url);
  const throughLink = new URL(url());
  throughLink.port = String(link.port);
  const far = new Database(throughLink.toString());
  const warn = (fields: object, message: string) => void warnings.push({ ...fields, message });
  ingest = new IngestService({
    database: far,
    logger: { info: () => {}, warn, error: warn } as never,
    metrics: {
      stored: () => {},
      duplicate: () => {},
      conflict: () => {},
      rejected: () => {},
      batchSeconds: () => {},
    },
    mqttUrl: tap.url,
    session: { clientId: 'ingest', release: async () => {} },
    unknownSensors: 'register',
    commitLimitMs: COMMIT_LIMIT_MS,
  });
  await ingest.start();
  leftovers.push(
    () => broker.stop(),
    () => tap.stop(),
    () => publisher.close(),
    () => link.stop(),
    () => far.close(),
    () => ingest.stop(),
  );
  // Connections are open, and the sensor is known.
  await publish(0);
  await eventually(() => expect(tap.acknowledged.length).toBe(1));
});

afterEach(async () => {
  for (const undo of leftovers.splice(0).reverse()) await undo();
});

async function publish(minute: number): Promise<void> {
  const observedAt = new Date(Date.UTC(2026, 0, 1) + minute * 60_000).toISOString();
  await publisher.publish(
    'spanwatch/v1/north/T-1/outage/impedance',
    JSON.stringify({ observedAt, loadAmpere: minute }),
  );
}

async function storedLoads(): Promise<number[]> {
  const { rows } = await database().query<{ load_ampere: number }>(
    'SELECT load_ampere FROM impedance_reading ORDER BY observed_at',
  );
  return rows.map(({ load_ampere }) => load_ampere);
}

async function expectAllStoredOnce(): Promise<void> {
  await eventually(() => expect(tap.acknowledged).toEqual(tap.published), 20_000);
  expect(await storedLoads()).toEqual([0, 1, 2, 3]);
  const { rows } = await database().query(
    'SELECT (SELECT count(*)::int FROM rejected_message) AS rejected, (SELECT count(*)::int FROM reading_conflict) AS conflicts',
  );
  expect(rows).toEqual([{ rejected: 0, conflicts: 0 }]);
}

it('holds everything while the disk of the database is full, and says so in one line without a stack', async () => {
  await database().query(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
    CREATE TRIGGER full_disk BEFORE INSERT ON impedance_reading FOR EACH ROW EXECUTE FUNCTION refuse()`);
  for (const minute of [1, 2, 3]) await publish(minute);
  await eventually(() => expect(() => ingest.checkReady()).toThrow("Readings can't be stored"));
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(tap.acknowledged.length).toBe(1);
  await database().query('DROP FUNCTION refuse CASCADE');
  await expectAllStoredOnce();
  expect(warnings).toEqual([
    {
      messages: expect.any(Number) as number,
      reason: 'The database has no room: could not extend file: No space left on device',
      code: '53100',
      message: HELD,
    },
  ]);
});

it('holds what the network holds up, and stores it when that is over', async () => {
  link.hold();
  for (const minute of [1, 2, 3]) await publish(minute);
  await new Promise((resolve) => setTimeout(resolve, COMMIT_LIMIT_MS / 2));
  expect(tap.acknowledged.length).toBe(1);
  link.release();
  await expectAllStoredOnce();
});

it('gives up connections that are dead without a word, and stores on others', async () => {
  link.abandon();
  for (const minute of [1, 2, 3]) await publish(minute);
  await expectAllStoredOnce();
  expect(warnings[0]).toEqual({
    messages: expect.any(Number) as number,
    reason: 'The database has not answered within 0.5 s.',
    code: 'database-silent',
    message: HELD,
  });
});

it('does not wait for ever on what a dead connection has written and never committed', async () => {
  const holder = new pg.Client(url());
  await holder.connect();
  leftovers.push(() => holder.end().catch(() => {}));
  await holder.query('BEGIN; LOCK TABLE impedance_reading IN ACCESS EXCLUSIVE MODE');
  for (const minute of [1, 2, 3]) await publish(minute);
  await eventually(async () => {
    const { rows } = await database().query(
      "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
    );
    expect(rows.length).toBe(1);
  });
  link.abandon();
  await holder.query('COMMIT');
  await expectAllStoredOnce();
});

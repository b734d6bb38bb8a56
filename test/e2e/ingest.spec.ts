/** From a sensor's message to its row: nothing is acknowledged before it is safe, nothing is lost, nothing doubled. */
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { IngestService, type IngestOptions } from '../../src/features/ingest/ingest.service.ts';
import { connectPublisher, type MqttPublisher } from '../../src/platform/mqtt/mqtt-publisher.ts';
import { Database } from '../../src/platform/storage/database.ts';
import { eventually } from '../support/eventually.ts';
import { startMqttTap, type MqttTap } from '../support/mqtt-tap.ts';
import { testBrokers, type TestBroker } from '../support/test-brokers.ts';
import { withTestDatabase } from '../support/test-database.ts';

const T0 = Date.parse('2026-01-01T00:00:00Z');
const topicOf = (sensor: string, kind = 'impedance', tower = 'T-1') =>
  `spanwatch/v1/north/${tower}/${sensor}/${kind}`;
const readingAt = (minute: number, values: object = { loadAmpere: minute }) =>
  JSON.stringify({ observedAt: new Date(T0 + minute * 60_000).toISOString(), ...values });

describe.each(testBrokers)('ingest from $name', ({ start, isThere }) => {
  const { database, url } = withTestDatabase();
  const leftovers: (() => Promise<void>)[] = [];
  let broker: TestBroker;
  let tap: MqttTap;
  let publisher: MqttPublisher;
  let lines: string[] = [];
  const counts = { stored: 0, duplicate: 0, conflict: 0, rejected: [] as string[] };

  beforeEach(async (context) => {
    if (!isThere) return context.skip();
    broker = await start(0);
    tap = await startMqttTap(broker.port);
    publisher = await connectPublisher(broker.url);
    leftovers.push(
      () => broker.stop(),
      () => tap.stop(),
      () => publisher.close(),
    );
    lines = [];
    Object.assign(counts, { stored: 0, duplicate: 0, conflict: 0, rejected: [] });
    await database().query('TRUNCATE impedance_reading, weather_reading, rejected_message');
  });

  afterEach(async () => {
    for (const undo of leftovers.splice(0).reverse()) await undo();
  });

  async function startIngest(changed: Partial<IngestOptions> = {}): Promise<IngestService> {
    const log = (...words: unknown[]) => void lines.push(String(words.at(-1)));
    const ingest = new IngestService({
      database: database(),
      logger: { info: log, warn: log, error: log },
      metrics: {
        stored: (count) => (counts.stored += count),
        duplicate: (count) => (counts.duplicate += count),
        conflict: (count) => (counts.conflict += count),
        rejected: (code) => counts.rejected.push(code),
        batchSeconds: () => {},
      },
      mqttUrl: tap.url,
      session: { clientId: 'ingest', release: async () => {} },
      unknownSensors: 'register',
      ...changed,
    });
    await ingest.start();
    leftovers.push(() => ingest.stop());
    return ingest;
  }

  async function storedMinutes(sensor: string): Promise<number[]> {
    const { rows } = await database().query<{ minute: number }>(
      `SELECT (extract(epoch FROM observed_at)::float8 - $2::float8) / 60 AS minute
         FROM impedance_reading WHERE sensor_id = $1 ORDER BY observed_at`,
      [sensor, T0 / 1000],
    );
    return rows.map(({ minute }) => minute);
  }

  async function rejectedMessages() {
    const { rows } = await database().query<{ topic: string; payload: Buffer; reason: string }>(
      'SELECT topic, payload, reason FROM rejected_message ORDER BY rejected_message_id',
    );
    return rows;
  }

  /** Nobody can write readings until it is released. */
  async function lockReadings(): Promise<() => Promise<void>> {
    const holder = new pg.Client(url());
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE impedance_reading IN ACCESS EXCLUSIVE MODE');
    const release = () => holder.end();
    leftovers.push(() => release().catch(() => {}));
    return release;
  }

  it('stores what is sent, registers the sensors, and acknowledges in the order of arrival', async () => {
    await startIngest();
    const minutes = Array.from({ length: 300 }, (_, minute) => minute);
    await Promise.all(
      minutes.map((minute) => publisher.publish(topicOf(`order-${minute % 3}`), readingAt(minute))),
    );
    await publisher.publish(topicOf('order-w', 'weather'), readingAt(0, { airCelsius: -4 }));
    await eventually(() => expect(tap.acknowledged.length).toBe(301));
    expect(tap.acknowledged).toEqual(tap.published);
    expect(await storedMinutes('order-1')).toEqual(minutes.filter((minute) => minute % 3 === 1));
    expect(counts).toEqual({ stored: 301, duplicate: 0, conflict: 0, rejected: [] });
    const { rows } = await database().query(
      "SELECT line_id, tower_id, kind FROM sensor WHERE sensor_id IN ('order-0', 'order-w') ORDER BY kind",
    );
    expect(rows).toEqual([
      { line_id: 'north', tower_id: 'T-1', kind: 'impedance' },
      { line_id: 'north', tower_id: 'T-1', kind: 'weather' },
    ]);
  });

  it('stores an instant once, keeps the first reading of it and shows the one that contradicts it', async () => {
    await startIngest();
    await publisher.publish(topicOf('twice'), readingAt(1, { loadAmpere: 1 }));
    await publisher.publish(topicOf('twice'), readingAt(1, { loadAmpere: 2 }));
    await eventually(() => expect(tap.acknowledged.length).toBe(2));
    expect(await storedMinutes('twice')).toEqual([1]);
    expect(counts).toEqual({ stored: 1, duplicate: 0, conflict: 1, rejected: [] });
  });

  it('keeps poison with its bytes and a reason, stores the good part, and acknowledges both', async () => {
    await startIngest();
    const future = new Date(Date.now() + 3_600_000).toISOString();
    const poison: [topic: string, payload: string | Buffer, reason: RegExp][] = [
      [topicOf('p'), Buffer.from([0xff, 0x00, 0x7b]), /not JSON/],
      [
        topicOf('p'),
        `{"observedAt":"2026-01-01T00:00:00Z","loadAmpere":NaN}`,
        /NaN and Infinity are no JSON/,
      ],
      [topicOf('p'), JSON.stringify({ observedAt: future, loadAmpere: 1 }), /at most 5 minutes after/],
      [topicOf('p'), readingAt(1, { loadAmpere: -1 }), /loadAmpere is -1, but must be a number from 0 to/],
      [topicOf('p'), 'x'.repeat(1_100_000), /has 1100000 bytes, but must have at most 1048576/],
      [topicOf('p', 'thermal'), readingAt(1), /kind is 'thermal', but must be one of impedance, weather/],
      ['spanwatch/v1/north/p', readingAt(1), /must be spanwatch\/v1\/\{line\}/],
      [
        topicOf('p'),
        `[${readingAt(7)},{"observedAt":"yesterday","loadAmpere":1}]`,
        /Reading 2 of 2: observedAt/,
      ],
    ];
    for (const [topic, payload] of poison) await publisher.publish(topic, payload);
    await publisher.publish(topicOf('p'), readingAt(8));
    await eventually(() => expect(tap.acknowledged.length).toBe(poison.length + 1));
    const kept = await rejectedMessages();
    expect(kept.map(({ topic }) => topic)).toEqual(poison.map(([topic]) => topic));
    for (const [index, [, payload, reason]] of poison.entries()) {
      expect(kept[index]?.payload.equals(Buffer.from(payload).subarray(0, 1 << 20))).toBe(true);
      expect(kept[index]?.reason).toMatch(reason);
    }
    expect(await storedMinutes('p')).toEqual([7, 8]);
    expect(counts.rejected.length).toBe(poison.length);
  });

  it('refuses a sensor that shows up at another tower, and stores it where it belongs', async () => {
    await startIngest();
    await publisher.publish(topicOf('moved', 'impedance', 'T-1'), readingAt(1));
    await publisher.publish(topicOf('moved', 'impedance', 'T-2'), readingAt(2));
    await publisher.publish(topicOf('moved', 'impedance', 'T-1'), readingAt(3));
    await eventually(() => expect(tap.acknowledged.length).toBe(3));
    expect(await storedMinutes('moved')).toEqual([1, 3]);
    expect((await rejectedMessages())[0]?.reason).toBe(
      'The sensor moved is registered as north/T-1 impedance, but the topic says north/T-2 impedance: give it an id of its own.',
    );
  });

  it('refuses sensors that are not registered where it is told to', async () => {
    await startIngest({ unknownSensors: 'reject' });
    await publisher.publish(topicOf('stranger'), readingAt(1));
    await eventually(() => expect(tap.acknowledged.length).toBe(1));
    expect(await storedMinutes('stranger')).toEqual([]);
    expect((await rejectedMessages())[0]?.reason).toMatch(/stranger is not registered/);
  });

  it('rejects what the database refuses alone, and stores all around it', async () => {
    await database().query('ALTER TABLE impedance_reading ADD CONSTRAINT odd CHECK (load_ampere <> 13)');
    leftovers.push(async () => {
      await database().query('ALTER TABLE impedance_reading DROP CONSTRAINT odd');
    });
    await startIngest();
    await Promise.all(
      Array.from({ length: 20 }, (_, minute) => publisher.publish(topicOf('odd'), readingAt(minute))),
    );
    await eventually(() => expect(tap.acknowledged.length).toBe(20));
    expect((await storedMinutes('odd')).length).toBe(19);
    expect((await rejectedMessages()).map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^The database refuses it: .*"odd"/),
    ]);
  });

  it('acknowledges nothing while the commit hangs, and all when it is done', async () => {
    await startIngest();
    const release = await lockReadings();
    for (const minute of [1, 2, 3]) await publisher.publish(topicOf('hang'), readingAt(minute));
    await eventually(() => expect(tap.published.length).toBe(3));
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(tap.acknowledged).toEqual([]);
    await release();
    await eventually(() => expect(tap.acknowledged).toEqual(tap.published));
    expect(await storedMinutes('hang')).toEqual([1, 2, 3]);
  });

  it('gets again what was not committed when the line broke, and stores it once', async () => {
    await startIngest();
    const release = await lockReadings();
    for (const minute of [1, 2]) await publisher.publish(topicOf('cut'), readingAt(minute));
    await eventually(() => expect(tap.published.length).toBe(2));
    tap.cut();
    await eventually(() => expect(tap.published.length).toBe(4));
    expect(tap.acknowledged).toEqual([]);
    await release();
    await eventually(() => expect(tap.acknowledged).toEqual(tap.published.slice(2)));
    expect(await storedMinutes('cut')).toEqual([1, 2]);
  });

  it('leaves what it could not commit to the broker when it ends, for the next to store', async () => {
    const own = new Database(url());
    const first = await startIngest({ database: own });
    const release = await lockReadings();
    for (const minute of [1, 2]) await publisher.publish(topicOf('ended'), readingAt(minute));
    await eventually(() => expect(tap.published.length).toBe(2));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await database().query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
    );
    await own.close();
    await first.stop();
    expect(tap.acknowledged).toEqual([]);
    expect(lines.at(-1)).toMatch(/^stopped with readings not stored/);
    await release();
    expect(await storedMinutes('ended')).toEqual([]);
    await startIngest();
    await eventually(() => expect(tap.acknowledged.length).toBe(2));
    expect(await storedMinutes('ended')).toEqual([1, 2]);
  });

  it('holds everything while the database is away, keeps its connection, and tells the two transitions', async () => {
    const ingest = await startIngest();
    await publisher.publish(topicOf('away'), readingAt(0));
    await eventually(() => expect(tap.acknowledged.length).toBe(1));
    const allow = await shutDatabase(url());
    for (const minute of [1, 2, 3]) await publisher.publish(topicOf('away'), readingAt(minute));
    await publisher.publish(topicOf('away'), 'rubbish');
    await eventually(() => expect(() => ingest.checkReady()).toThrow("Readings can't be stored"));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(tap.acknowledged.length).toBe(1);
    await allow();
    await eventually(() => expect(tap.acknowledged).toEqual(tap.published));
    expect(await storedMinutes('away')).toEqual([0, 1, 2, 3]);
    expect((await rejectedMessages()).length).toBe(1);
    expect(tap.connections).toBeLessThanOrEqual(2);
    expect(lines.filter((line) => /stored/.test(line))).toEqual([
      "readings can't be stored: messages are held, nothing is acknowledged",
      'readings are stored again',
    ]);
    expect(() => ingest.checkReady()).not.toThrow();
  });
});

/** Ends all connections to a database and lets no new ones in, as if it were stopped. */
async function shutDatabase(databaseUrl: string): Promise<() => Promise<void>> {
  const name = new URL(databaseUrl).pathname.slice(1);
  const admin = new pg.Client(inject('clusterUrl'));
  await admin.connect();
  await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
  return async () => {
    await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await admin.end();
  };
}

/** From an edge node to its row: what Sparkplug brings is stored as readings are, and what can't be is kept. */
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import pg from 'pg';
import { IngestService } from '../../src/features/ingest/ingest.service.ts';
import { mapByRules } from '../../src/features/ingest/sparkplug/map-by-rules.ts';
import { mapByName } from '../../src/features/ingest/sparkplug/sensor-mapping.ts';
import {
  SparkplugService,
  type SparkplugOptions,
} from '../../src/features/ingest/sparkplug/sparkplug.service.ts';
import { connectPublisher } from '../../src/platform/mqtt/mqtt-publisher.ts';
import { double, metricOf, T0 } from '../support/edge-node-script.ts';
import { EdgeNodeSimulator, type EdgeNodeOptions } from '../support/edge-node-simulator.ts';
import { eventually } from '../support/eventually.ts';
import { testBrokers, type TestBroker } from '../support/test-brokers.ts';
import { withTestDatabase } from '../support/test-database.ts';

const HOST = 'spanwatch-1';
const atMinute = (minute: number) => T0 + minute * 60_000;
const load = (minute: number, ampere = minute) =>
  double('loadAmpere', ampere, { timestampMs: atMinute(minute) });

describe.each(testBrokers)('Sparkplug from $name', ({ start, isThere }) => {
  const { database, url } = withTestDatabase();
  const leftovers: (() => Promise<void>)[] = [];
  let broker: TestBroker;
  let lines: string[] = [];
  const counts = { outOfOrder: 0, rebirth: 0, dropped: 0 };

  beforeEach(async (context) => {
    if (!isThere) return context.skip();
    broker = await start(0);
    leftovers.push(() => broker.stop());
    lines = [];
    Object.assign(counts, { outOfOrder: 0, rebirth: 0, dropped: 0 });
    await database().query('TRUNCATE impedance_reading, weather_reading, rejected_message');
    await database().query('TRUNCATE sensor CASCADE');
  });
  afterEach(async () => {
    for (const undo of leftovers.splice(0).reverse()) await undo();
  });

  async function startHost(changed: Partial<SparkplugOptions> = {}): Promise<SparkplugService> {
    const log = (...words: unknown[]) => void lines.push(String(words.at(-1)));
    const logger = { info: log, warn: log, error: log };
    const ingest = new IngestService({
      database: database(),
      logger,
      metrics: {
        stored: () => {},
        duplicate: () => {},
        conflict: () => {},
        rejected: () => {},
        batchSeconds: () => {},
      },
      mqttUrl: broker.url,
      session: { clientId: 'ingest', release: async () => {} },
      unknownSensors: 'register',
    });
    const host = new SparkplugService({
      mqttUrl: broker.url,
      hostId: HOST,
      clientId: 'ingest-sparkplug',
      reorderTimeoutMs: 200,
      mapping: mapByName,
      logger,
      metrics: {
        outOfOrder: () => counts.outOfOrder++,
        rebirth: () => counts.rebirth++,
        dropped: () => counts.dropped++,
      },
      store: (read, onCommitted) => ingest.add(read, onCommitted),
      ...changed,
    });
    ingest.onStoring((storing) => host.setStoring(storing));
    await ingest.start();
    await host.start();
    let stopped = false;
    stop = async () => {
      if (stopped) return;
      stopped = true;
      await host.stop();
      await ingest.stop();
    };
    leftovers.push(stop);
    return host;
  }
  let stop: () => Promise<void>;

  async function startNode(options: Partial<EdgeNodeOptions> = {}): Promise<EdgeNodeSimulator> {
    const node = new EdgeNodeSimulator({ url: broker.url, devices: { imp: [load(0)] }, ...options });
    await node.connect();
    leftovers.push(() => node.stop());
    return node;
  }

  async function storedLoads(sensor = 'imp'): Promise<[minute: number, ampere: number | null][]> {
    const { rows } = await database().query<{ at: Date; load_ampere: number | null }>(
      'SELECT observed_at AS at, load_ampere FROM impedance_reading WHERE sensor_id = $1 ORDER BY observed_at',
      [sensor],
    );
    return rows.map(({ at, load_ampere }) => [(at.getTime() - T0) / 60_000, load_ampere]);
  }

  async function rejected() {
    const { rows } = await database().query<{ topic: string; payload: Buffer; reason: string }>(
      'SELECT topic, payload, reason FROM rejected_message ORDER BY rejected_message_id',
    );
    return rows;
  }

  it('stores births and data of devices by their names, behind aliases too, and registers the sensors', async () => {
    await startHost();
    const air = metricOf('airCelsius', 'Int16', { field: 'int', value: 0xfffc });
    const node = await startNode({ devices: { imp: [load(0), double('resistanceOhm', 0.02)], sky: [air] } });
    node.send('imp', [load(1)]);
    node.send('imp', [double('resistanceOhm', 0.03, { timestampMs: atMinute(1) })]);
    node.send('imp', [load(2)]);
    node.send('imp', [load(3), load(4)]);
    await eventually(async () =>
      expect(await storedLoads()).toEqual([0, 1, 2, 3, 4].map((minute) => [minute, minute])),
    );
    const { rows } = await database().query(
      'SELECT sensor_id, line_id, tower_id, kind FROM sensor ORDER BY sensor_id',
    );
    expect(rows).toEqual([
      { sensor_id: 'imp', line_id: 'north', tower_id: 'T-1', kind: 'impedance' },
      { sensor_id: 'sky', line_id: 'north', tower_id: 'T-1', kind: 'weather' },
    ]);
    const resistances = await database().query<{ ohm: number | null }>(
      'SELECT resistance_ohm AS ohm FROM impedance_reading ORDER BY observed_at LIMIT 3',
    );
    expect(resistances.rows.map(({ ohm }) => ohm)).toEqual([0.02, 0.03, null]);
    const cold = await database().query<{ celsius: number }>(
      'SELECT air_celsius AS celsius FROM weather_reading',
    );
    expect(cold.rows).toEqual([{ celsius: -4 }]);
    expect(counts).toEqual({ outOfOrder: 0, rebirth: 0, dropped: 0 });
    expect(await rejected()).toEqual([]);
  });

  it('completes a reading when another metric of its instant comes later, and contradicts nothing', async () => {
    await startHost();
    const devices = { imp: [load(0), double('resistanceOhm', 0.02), double('reactanceOhm', 0.1)] };
    const node = await startNode({ devices });
    const timestampMs = atMinute(1);
    node.send('imp', [double('resistanceOhm', 0.03, { timestampMs })]);
    await eventually(async () => expect((await storedLoads()).length).toBe(2));
    node.send('imp', [double('reactanceOhm', 0.15, { timestampMs })]);
    await eventually(async () => {
      const { rows } = await database().query(
        'SELECT resistance_ohm, reactance_ohm FROM impedance_reading WHERE observed_at = $1',
        [new Date(timestampMs)],
      );
      expect(rows).toEqual([{ resistance_ohm: 0.03, reactance_ohm: 0.15 }]);
    });
    const { rows } = await database().query('SELECT FROM reading_conflict');
    expect(rows.length).toBe(0);
  });

  it('stores what an edge node kept, and neither nulls, transient values nor those of bad quality', async () => {
    await startHost();
    const node = await startNode();
    node.send('imp', [{ ...load(1), isHistorical: true }]);
    node.send('imp', [{ ...load(2), isNull: true, wire: null }]);
    node.send('imp', [{ ...load(3), isTransient: true }]);
    node.send('imp', [
      { ...load(4), quality: 0 },
      { ...load(5), quality: 500 },
      { ...load(6), quality: 192 },
    ]);
    await eventually(async () => expect((await storedLoads()).map(([minute]) => minute)).toEqual([0, 1, 6]));
    expect(await rejected()).toEqual([]);
  });

  it('asks an edge node that has lost a message for its births, and stores all that came', async () => {
    await startHost();
    const node = await startNode();
    node.send('imp', [load(1)]);
    node.script.skip();
    node.send('imp', [load(3)]);
    await eventually(() => expect(node.births).toBe(2));
    expect(node.commands.map(({ retain }) => retain)).toEqual([false]);
    node.send('imp', [load(4)]);
    await eventually(async () =>
      expect((await storedLoads()).map(([minute]) => minute)).toEqual([0, 1, 3, 4]),
    );
    expect(counts).toEqual({ outOfOrder: 1, rebirth: 1, dropped: 0 });
  });

  it('comes to know edge nodes that were there before it, and stores what they sent meanwhile', async () => {
    await startHost();
    const devices = { '': [double('battery', 12)], imp: [load(0)], imp2: [load(0)] };
    const node = await startNode({ devices });
    node.send('imp', [load(1)]);
    await eventually(async () => expect((await storedLoads()).length).toBe(2));
    // A restart: nothing is known of the aliases any more.
    await stop();
    await startHost();
    for (const minute of [2, 3, 4]) node.send('imp', [load(minute)]);
    node.send('imp2', [load(2)]);
    await eventually(() => expect(node.births).toBe(2));
    node.send('imp', [load(5)]);
    await eventually(async () => {
      expect((await storedLoads()).map(([minute]) => minute)).toEqual([0, 1, 2, 3, 4, 5]);
      expect((await storedLoads('imp2')).map(([minute]) => minute)).toEqual([0, 2]);
    });
    expect(counts.rebirth).toBe(1);
    expect(await rejected()).toEqual([]);
  });

  it('keeps what it can not read when the edge node dies before its births come', async () => {
    const node = await startNode({ answersRebirth: false });
    await startHost();
    node.send('imp', [load(1)]);
    await eventually(() => expect(node.commands.length).toBe(1));
    node.crash();
    await eventually(async () => expect((await rejected()).length).toBe(1));
    const [kept] = await rejected();
    expect(kept?.topic).toBe('spBv1.0/north/DDATA/T-1/imp');
    expect(kept?.reason).toBe('Alias 1 is of no birth.');
    expect(kept?.payload.length).toBeGreaterThan(10);
  });

  it('keeps poison with its bytes and a reason, and stores the good around it', async () => {
    await startHost();
    const both = [load(4), double('airCelsius', 1)];
    const devices = { imp: [load(0)], 'no id!': [load(0)], both };
    const node = await startNode({ withAliases: false, devices });
    const publisher = await connectPublisher(broker.url);
    leftovers.push(() => publisher.close());
    node.send('imp', [load(1, -5), load(2)]);
    node.send('imp', [{ ...load(3), datatype: 1 }]);
    await node.settle();
    await publisher.publish('spBv1.0/north/DDATA/T-1/imp', Buffer.from('{"loadAmpere": 1}'));
    await publisher.publish('spBv1.0/north/nonsense', 'x');
    await publisher.publish('spBv1.0/north/DDATA/T-1/imp', Buffer.alloc(1_100_000));
    await eventually(async () => expect((await rejected()).length).toBe(7));
    const kept = await rejected();
    expect(kept.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(
        /^north\/T-1\/no id! would be 'no id!', but the id of a line, tower or sensor must be/,
      ),
      expect.stringMatching(/has metrics of impedance and weather, but one sensor has one kind/),
      expect.stringMatching(/^Sensor imp: loadAmpere is -5, but must be a number from 0 to/),
      "'loadAmpere' is sent as double, which can't be its Int8.",
      expect.stringMatching(/^The payload is no Sparkplug B payload/),
      expect.stringMatching(/^The topic is 'spBv1.0\/north\/nonsense', but must be/),
      expect.stringMatching(/^The payload has 1100000 bytes/),
    ]);
    expect(kept[4]?.payload.toString()).toBe('{"loadAmpere": 1}');
    await eventually(async () => expect((await storedLoads()).map(([minute]) => minute)).toEqual([0, 2]));
  });

  it('maps metrics as the map says, several sensors to a device, in other units', async () => {
    const rule = { group: 'sub*', node: '*', line: 'L1', tower: '{node}' };
    await startHost({
      mapping: mapByRules([
        {
          ...rule,
          device: 'rtu',
          sensor: '{node}-Z',
          kind: 'impedance',
          channels: { loadAmpere: { metric: 'Line/kA', scale: 1_000 } },
        },
        {
          ...rule,
          device: 'rtu',
          sensor: '{node}-W',
          kind: 'weather',
          channels: { airCelsius: 'Weather/T' },
        },
        { ...rule, kind: 'impedance', channels: { loadAmpere: 'own' } },
      ]),
    });
    const kiloAmpere = double('Line/kA', 0.25);
    const node = await startNode({
      group: 'substation 7',
      node: 'T-9',
      devices: { '': [double('own', 3)], rtu: [kiloAmpere, double('Weather/T', 21)], other: [load(0)] },
    });
    node.send('rtu', [{ ...kiloAmpere, timestampMs: atMinute(1) }]);
    await eventually(async () =>
      expect(await storedLoads('T-9-Z')).toEqual([
        [0, 250],
        [1, 250],
      ]),
    );
    expect(await storedLoads('T-9')).toEqual([[0, 3]]);
    const { rows } = await database().query('SELECT sensor_id, air_celsius FROM weather_reading');
    expect(rows).toEqual([{ sensor_id: 'T-9-W', air_celsius: 21 }]);
    expect(await storedLoads('other')).toEqual([]);
  });

  it('tells edge nodes to keep their data while the database is away, and loses nothing', async () => {
    await startHost();
    const node = await startNode({ primaryHost: HOST, devices: { imp: [load(0)] } });
    const careless = await startNode({ node: 'T-2', devices: { imp2: [load(0)] } });
    await eventually(async () => expect((await storedLoads()).length).toBe(1));
    const allow = await shutDatabase(url());
    node.send('imp', [load(1)]);
    await eventually(() => expect(node.hostOnline).toBe(false));
    for (const minute of [2, 3, 4]) node.send('imp', [load(minute)]);
    expect(node.stored).toBe(3);
    careless.send('imp2', [load(1)]);
    await careless.settle();
    await allow();
    await eventually(() => expect(node.hostOnline).toBe(true));
    await eventually(async () =>
      expect((await storedLoads()).map(([minute]) => minute)).toEqual([0, 1, 2, 3, 4]),
    );
    await eventually(async () => expect((await storedLoads('imp2')).length).toBe(2));
    expect(counts.dropped).toBe(0);
  });

  it('says what it loses when more comes than it can hold', async () => {
    const commits: (() => void)[] = [];
    const host = await startHost({ maxHeld: 2, store: (_, onCommitted) => commits.push(onCommitted) });
    const node = await startNode();
    for (const minute of [1, 2, 3]) node.send('imp', [load(minute)]);
    await eventually(() => expect(counts.dropped).toBe(2));
    expect(commits.length).toBe(2);
    expect(lines.filter((line) => /what comes now is lost/.test(line)).length).toBe(1);
    for (const commit of commits.splice(0)) commit();
    host.setStoring(true);
    expect(lines.at(-1)).toBe('Sparkplug messages were lost');
    node.send('imp', [load(4)]);
    await eventually(() => expect(commits.length).toBe(1));
  });

  it('is told by the broker that an edge node has gone, and that it has gone itself', async () => {
    await startHost();
    const node = await startNode();
    const watcher = await startNode({ primaryHost: HOST, node: 'T-2', devices: {} });
    await eventually(() => expect(watcher.hostOnline).toBe(true));
    await eventually(() => expect(lines).toContain('an edge node is born'));
    node.crash();
    await eventually(() => expect(lines).toContain('an edge node is gone'));
    await stop();
    await eventually(() => expect(watcher.hostOnline).toBe(false));
  });

  it('stores what it still held for its order when it ends', async () => {
    await startHost({ reorderTimeoutMs: 60_000 });
    const node = await startNode();
    node.script.skip();
    node.send('imp', [load(2)]);
    await node.settle();
    await eventually(async () => expect((await storedLoads()).length).toBe(1));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await stop();
    expect((await storedLoads()).map(([minute]) => minute)).toEqual([0, 2]);
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

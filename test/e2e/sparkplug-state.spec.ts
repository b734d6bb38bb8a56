/** What a Sparkplug host application sends, byte for byte: its will, subscriptions, STATE and commands. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datatypeNumber } from '../../src/core/sparkplug/datatypes.ts';
import { stateTopic } from '../../src/core/sparkplug/sparkplug-topic.ts';
import { mapByName } from '../../src/features/ingest/sparkplug/sensor-mapping.ts';
import { SparkplugService } from '../../src/features/ingest/sparkplug/sparkplug.service.ts';
import { connectPublisher } from '../../src/platform/mqtt/mqtt-publisher.ts';
import { decodePayload } from '../../src/platform/sparkplug/decode-payload.ts';
import { EdgeNodeSimulator } from '../support/edge-node-simulator.ts';
import { eventually } from '../support/eventually.ts';
import { startMqttTap, type MqttTap } from '../support/mqtt-tap.ts';
import { readSessions, type ClientSession, type PublishPacket } from '../support/read-mqtt-packet.ts';
import { testBrokers } from '../support/test-brokers.ts';
import { waitFor } from '../support/wait-for.ts';

const HOST = 'spanwatch-1';
const TOPIC = stateTopic(HOST);

function createHost(mqttUrl: string, clientId: string, lines: string[] = []): SparkplugService {
  const log = (...words: unknown[]) => void lines.push(String(words.at(-1)));
  return new SparkplugService({
    mqttUrl,
    hostId: HOST,
    clientId,
    reorderTimeoutMs: 50,
    mapping: mapByName,
    logger: { info: log, warn: log },
    metrics: { outOfOrder: () => {}, rebirth: () => {}, dropped: () => {} },
    store: (_, onCommitted) => onCommitted(),
  });
}

const publishesOf = ({ packets }: ClientSession) =>
  packets.filter((packet): packet is { type: 'publish' } & PublishPacket => packet.type === 'publish');
const statesOf = (session: ClientSession) =>
  publishesOf(session).filter(({ topic }) => topic.startsWith('spBv1.0/STATE/'));
const json = ({ payload }: PublishPacket) => JSON.parse(payload.toString()) as unknown;
const timeOf = (packet: PublishPacket) => (json(packet) as { timestamp: number }).timestamp;

describe.each(testBrokers)('host application at $name', ({ start, isThere }) => {
  /** The first connection that the broker accepted, and the one after the line was cut. */
  let first: ClientSession;
  let second: ClientSession;
  let all: readonly ClientSession[] = [];
  let will: PublishPacket;
  let birth: PublishPacket;
  let death: PublishPacket;
  let command: PublishPacket;
  let startedAt = 0;
  let connectedAt = 0;
  let stoppingAt = 0;
  const leftovers: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    if (!isThere) return;
    const broker = await start(0);
    const tap: MqttTap = await startMqttTap(broker.port);
    const publisher = await connectPublisher(broker.url);
    leftovers.push(
      () => broker.stop(),
      () => tap.stop(),
      () => publisher.close(),
    );
    const accepted = () => readSessions(tap.sent).filter(({ packets }) => packets.length > 0);
    const states = () => accepted().flatMap(statesOf);
    startedAt = Date.now();
    const host = createHost(tap.url, 'host');
    await host.start();
    connectedAt = Date.now();
    await publisher.publish(TOPIC, JSON.stringify({ online: false, timestamp: 1 }));
    await waitFor(() => Promise.resolve(states().length >= 2));
    const edge = new EdgeNodeSimulator({ url: broker.url, devices: {} });
    await edge.connect();
    leftovers.push(() => edge.stop());
    edge.script.skip();
    edge.send(null, []);
    await waitFor(() => Promise.resolve(edge.births === 2));
    tap.cut();
    await waitFor(() => Promise.resolve(accepted().length === 2 && statesOf(accepted()[1]!).length > 0));
    stoppingAt = Date.now();
    await host.stop();
    all = readSessions(tap.sent);
    [first, second] = accepted() as [ClientSession, ClientSession];
    will = first.connect.will!;
    birth = statesOf(first)[0]!;
    death = publishesOf(second).at(-1)!;
    command = publishesOf(first).find(({ topic }) => topic.includes('/NCMD/'))!;
  });
  afterAll(async () => {
    for (const undo of leftovers.splice(0).reverse()) await undo();
  });

  /** Each id of the specification's conformance list is a test of its own name. */
  const holds = (ids: readonly string[], what: string, check: () => void) =>
    it.skipIf(!isThere).each(ids)(`tck-id-%s: ${what}`, check);

  holds(
    ['message-flow-phid-sparkplug-clean-session-50'],
    'asks MQTT 5 for a clean start without expiry',
    () => {
      const five = all.find(({ connect }) => connect.level === 5);
      expect(five?.connect).toMatchObject({ clean: true, sessionExpiry: 0 });
    },
  );

  // A broker that speaks MQTT 5 is never asked in 3.1.1.
  it.skipIf(!isThere || start.name === 'startMosquitto')(
    'tck-id-message-flow-phid-sparkplug-clean-session-311: asks MQTT 3.1.1 for a clean session',
    () => {
      expect(first.connect).toMatchObject({ level: 4, clean: true });
    },
  );

  holds(
    [
      'host-topic-phid-death-required',
      'host-topic-phid-death-topic',
      'operational-behavior-host-application-connect-will',
      'operational-behavior-host-application-connect-will-topic',
      'payloads-state-will-message',
    ],
    'has a will on its STATE topic in each CONNECT',
    () => {
      for (const { connect } of all) expect(connect.will?.topic).toBe(TOPIC);
    },
  );

  holds(
    [
      'host-topic-phid-death-payload',
      'operational-behavior-host-application-connect-will-payload',
      'payloads-state-will-message-payload',
    ],
    'has a will that says online false and a time',
    () => {
      expect(json(will)).toEqual({ online: false, timestamp: expect.any(Number) as unknown });
    },
  );

  holds(['host-topic-phid-death-payload-timestamp-connect'], 'has a will of the time of its CONNECT', () => {
    expect(timeOf(will)).toBeGreaterThanOrEqual(startedAt);
    expect(timeOf(will)).toBeLessThanOrEqual(connectedAt);
    expect(timeOf(second.connect.will!)).toBeGreaterThan(connectedAt);
  });

  holds(
    [
      'host-topic-phid-death-qos',
      'host-topic-phid-death-retain',
      'operational-behavior-host-application-connect-will-qos',
      'operational-behavior-host-application-connect-will-retained',
      'payloads-state-will-message-qos',
      'payloads-state-will-message-retain',
    ],
    'has a will of QoS 1, retained',
    () => {
      for (const { connect } of all) expect(connect.will).toMatchObject({ qos: 1, retain: true });
    },
  );

  holds(
    [
      'host-topic-phid-birth-sub-required',
      'message-flow-phid-sparkplug-subscription',
      'payloads-state-subscribe',
    ],
    'subscribes to its STATE and to Sparkplug before it publishes anything',
    () => {
      for (const { packets } of [first, second]) {
        expect(packets[0]).toEqual({ type: 'subscribe', filters: [TOPIC, 'spBv1.0/#'] });
      }
    },
  );

  holds(
    [
      'conformance-primary-host',
      'intro-sparkplug-host-state',
      'principles-birth-certificates-order',
      'components-ph-state',
      'host-topic-phid-birth-message',
      'host-topic-phid-birth-required',
      'message-flow-phid-sparkplug-state-publish',
      'operational-behavior-host-application-connect-birth',
      'operational-behavior-primary-application-state-with-multiple-servers-state',
      'operational-behavior-primary-application-state-with-multiple-servers-state-subs',
    ],
    'publishes its birth first in each session, right after it has subscribed',
    () => {
      for (const { packets } of [first, second]) {
        expect(packets[1]).toMatchObject({ type: 'publish', topic: TOPIC });
        expect(json(packets[1] as PublishPacket)).toMatchObject({ online: true });
      }
    },
  );

  holds(
    ['host-topic-phid-birth-topic', 'operational-behavior-host-application-connect-birth-topic'],
    'is born on the topic of its STATE',
    () => {
      expect(birth.topic).toBe(`spBv1.0/STATE/${HOST}`);
    },
  );

  holds(
    [
      'host-topic-phid-birth-payload',
      'host-topic-phid-birth-payload-timestamp',
      'message-flow-phid-sparkplug-state-publish-payload',
      'message-flow-phid-sparkplug-state-publish-payload-timestamp',
      'operational-behavior-host-application-connect-birth-payload',
      'payloads-state-birth-payload',
    ],
    'is born with online true and the time of its will',
    () => {
      for (const session of [first, second]) {
        const timestamp = timeOf(session.connect.will!);
        expect(json(statesOf(session)[0]!)).toEqual({ online: true, timestamp });
      }
    },
  );

  holds(
    [
      'host-topic-phid-birth-qos',
      'host-topic-phid-birth-retain',
      'operational-behavior-host-application-connect-birth-qos',
      'operational-behavior-host-application-connect-birth-retained',
      'payloads-state-birth',
    ],
    'is born with QoS 1, retained',
    () => {
      expect(birth).toMatchObject({ topic: TOPIC, qos: 1, retain: true });
    },
  );

  holds(
    ['message-flow-hid-sparkplug-state-message-delivered'],
    'says again that it is online when it hears that it is not',
    () => {
      expect(json(statesOf(first)[1]!)).toEqual({ online: true, timestamp: timeOf(will) });
      expect(statesOf(first)[1]).toMatchObject({ qos: 1, retain: true });
    },
  );

  holds(
    [
      'operational-behavior-host-application-termination',
      'operational-behavior-host-application-death-topic',
      'operational-behavior-host-application-death-payload',
      'operational-behavior-host-application-death-qos',
      'operational-behavior-host-application-death-retained',
    ],
    'leaves with a death certificate',
    () => {
      expect(death).toMatchObject({ topic: TOPIC, qos: 1, retain: true });
      expect(json(death)).toEqual({ online: false, timestamp: expect.any(Number) as unknown });
    },
  );

  holds(
    [
      'host-topic-phid-death-payload-timestamp-disconnect-clean',
      'host-topic-phid-death-payload-timestamp-disconnect-with-no-disconnect-packet',
      'operational-behavior-host-application-disconnect-intentional',
    ],
    'leaves at the time in its death certificate, and disconnects after it',
    () => {
      expect(timeOf(death)).toBeGreaterThanOrEqual(stoppingAt);
      expect(second.packets.at(-2)).toMatchObject({ topic: TOPIC });
      expect(second.packets.at(-1)).toEqual({ type: 'disconnect' });
    },
  );

  holds(
    [
      'topics-ncmd-topic',
      'topic-structure-namespace-a',
      'topic-structure-namespace-device-id-non-associated-message-types',
      'operational-behavior-data-commands-ncmd-verb',
      'operational-behavior-data-commands-ncmd-rebirth-verb',
    ],
    'asks an edge node for its births by NCMD',
    () => {
      expect(command.topic).toBe('spBv1.0/north/NCMD/T-1');
    },
  );

  holds(
    ['topics-ncmd-mqtt', 'payloads-ncmd-qos', 'payloads-ncmd-retain'],
    'asks with QoS 0, not retained',
    () => {
      expect(command).toMatchObject({ qos: 0, retain: false });
    },
  );

  holds(
    [
      'topics-ncmd-timestamp',
      'topics-ncmd-payload',
      'payloads-ncmd-timestamp',
      'payloads-ncmd-seq',
      'payloads-timestamp-in-UTC',
      'payloads-metric-timestamp-in-UTC',
      'payloads-metric-datatype-value',
      'payloads-metric-datatype-value-type',
      'payloads-name-requirement',
      'payloads-name-cmd-requirement',
      'operational-behavior-data-commands-ncmd-metric-name',
      'operational-behavior-data-commands-ncmd-metric-value',
      'operational-behavior-data-commands-ncmd-rebirth-name',
      'operational-behavior-data-commands-ncmd-rebirth-value',
    ],
    'asks with the time, without seq, by setting Node Control/Rebirth to true',
    () => {
      const { timestampMs, seq, metrics } = decodePayload(command.payload);
      expect(seq).toBeNull();
      expect(timestampMs).toBeGreaterThanOrEqual(connectedAt);
      expect(timestampMs).toBeLessThanOrEqual(stoppingAt);
      expect(metrics.length).toBe(1);
      expect(metrics[0]).toMatchObject({
        name: 'Node Control/Rebirth',
        alias: null,
        timestampMs,
        datatype: datatypeNumber('Boolean'),
        wire: { field: 'boolean', value: true },
      });
    },
  );
});

describe('several hosts or brokers', () => {
  it('tck-id-operational-behavior-host-application-multi-server-timestamp: have each a time of their own', async () => {
    const [aedes] = testBrokers;
    const brokers = [await aedes.start(0), await aedes.start(0)];
    const taps = await Promise.all(brokers.map(({ port }) => startMqttTap(port)));
    const hosts = taps.map(({ url }, index) => createHost(url, `host-${index}`));
    for (const host of hosts) await host.start();
    const births = (index: number) =>
      readSessions(taps[index]!.sent).flatMap((session) => statesOf(session).slice(0, 1));
    taps[0]!.cut();
    await eventually(() => expect(births(0).length).toBe(2));
    expect(timeOf(births(0)[1]!)).toBeGreaterThan(timeOf(births(0)[0]!));
    expect(births(1).length).toBe(1);
    for (const host of hosts) await host.stop();
    for (const part of [...taps, ...brokers]) await part.stop();
  });

  it('tck-id-operational-behavior-host-application-host-id: say when another host has the same id', async () => {
    const broker = await testBrokers[0].start(0);
    const lines: string[] = [];
    const one = createHost(broker.url, 'host-one', lines);
    const other = createHost(broker.url, 'host-other');
    await one.start();
    await other.start();
    await eventually(() =>
      expect(lines.at(-1)).toMatch(/another host application has our SPARKPLUG_HOST_ID/),
    );
    await other.stop();
    await one.stop();
    await broker.stop();
  });
});

/** Holds mqtt.js to what `deferred-acknowledgement.ts` relies on, documented or not, with real brokers. */
import { connect, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../test/support/eventually.ts';
import { testBrokers, type TestBroker } from '../../../test/support/test-brokers.ts';
import { DeferredAcknowledgement, type ArrivedMessage } from './deferred-acknowledgement.ts';
import { connectPublisher, type MqttPublisher } from './mqtt-publisher.ts';

describe.each(testBrokers)('deferred acknowledgement with $name', ({ name, start, isThere }) => {
  const protocolVersion = name === 'aedes' ? 4 : 5;
  let broker: TestBroker;
  let client: MqttClient;
  let ledger: DeferredAcknowledgement;
  let publisher: MqttPublisher;
  let arrived: ArrivedMessage[] = [];
  /** Message ids of the PUBACK packets that left, in order. */
  let acknowledged: number[] = [];
  /** Message ids of the PUBLISH packets that came, in order. */
  let received: number[] = [];

  const texts = () => arrived.map(({ payload }) => payload.toString());

  async function open(maxUnsafe: number, keepalive = 60, maxUnsafeBytes = 1e6): Promise<void> {
    client = connect(broker.url, {
      protocolVersion,
      clientId: 'reader',
      clean: false,
      manualConnect: true,
      reconnectPeriod: 50,
      keepalive,
      ...(protocolVersion === 5 && { properties: { sessionExpiryInterval: 60 } }),
    });
    ledger = new DeferredAcknowledgement(client, maxUnsafe, maxUnsafeBytes, (message) =>
      arrived.push(message),
    );
    client.on('error', () => {});
    client.on('packetsend', (packet) => {
      if (packet.cmd === 'puback') acknowledged.push(packet.messageId!);
    });
    client.on('packetreceive', (packet) => {
      if (packet.cmd === 'publish') received.push(packet.messageId!);
    });
    client.connect();
    await new Promise<void>((resolve) => client.once('connect', () => resolve()));
    await client.subscribeAsync('t', { qos: 1 });
  }

  beforeEach(async (context) => {
    if (!isThere) return context.skip();
    arrived = [];
    acknowledged = [];
    received = [];
    broker = await start(0);
    publisher = await connectPublisher(broker.url);
  });

  afterEach(async () => {
    if (!isThere) return;
    client.options.reconnectPeriod = 0;
    client.end(true);
    await publisher.close();
    await broker.stop();
  });

  it('sends nothing before the application says so, and keeps reading meanwhile', async () => {
    await open(100);
    for (const text of ['a', 'b', 'c']) await publisher.publish('t', text);
    await eventually(() => expect(texts()).toEqual(['a', 'b', 'c']));
    expect(acknowledged).toEqual([]);
    expect(ledger.outstanding).toBe(3);
  });

  it('sends acknowledgements in the order of the messages, however they become safe', async () => {
    await open(100);
    for (const text of ['a', 'b', 'c']) await publisher.publish('t', text);
    await eventually(() => expect(arrived.length).toBe(3));
    arrived[2]?.acknowledge();
    arrived[1]?.acknowledge();
    expect(acknowledged).toEqual([]);
    arrived[0]?.acknowledge();
    expect(acknowledged).toEqual(received);
    arrived[0]?.acknowledge();
    expect(acknowledged.length).toBe(3);
    expect(ledger.outstanding).toBe(0);
  });

  it('gets what was not acknowledged again after the connection broke, and does not answer the old ids', async () => {
    await open(100);
    for (const text of ['a', 'b']) await publisher.publish('t', text);
    await eventually(() => expect(arrived.length).toBe(2));
    const before = [...arrived];
    before[0]?.acknowledge();
    await new Promise((resolve) => setTimeout(resolve, 50));
    client.stream.destroy();
    await eventually(() => expect(texts()).toEqual(['a', 'b', 'b']));
    before[1]?.acknowledge();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(acknowledged.length).toBe(1);
    arrived[2]?.acknowledge();
    expect(acknowledged.length).toBe(2);
  });

  it('does not send or queue an acknowledgement while the connection is away', async () => {
    await open(100);
    await publisher.publish('t', 'a');
    await eventually(() => expect(arrived.length).toBe(1));
    client.stream.destroy();
    await eventually(() => expect(client.connected).toBe(false));
    arrived[0]?.acknowledge();
    await eventually(() => expect(texts()).toEqual(['a', 'a']));
    expect(acknowledged).toEqual([]);
  });

  it('reads no further than its limit until something is safe', async () => {
    await open(2);
    for (const text of ['a', 'b', 'c', 'd', 'e']) await publisher.publish('t', text);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(texts()).toEqual(['a', 'b', 'c']);
    arrived[0]?.acknowledge();
    await eventually(() => expect(texts()).toEqual(['a', 'b', 'c', 'd']));
    arrived[1]?.acknowledge();
    arrived[2]?.acknowledge();
    await eventually(() => expect(texts()).toEqual(['a', 'b', 'c', 'd', 'e']));
  });

  it('reads no further than its limit of bytes, however few messages they are', async () => {
    await open(100, 60, 1_000);
    const large = 'x'.repeat(600);
    for (let i = 0; i < 4; i++) await publisher.publish('t', large);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(arrived.length).toBe(2);
    arrived[0]?.acknowledge();
    await eventually(() => expect(arrived.length).toBe(3));
  });

  it('leaves messages to the broker after it was told to stop, and still acknowledges those it took', async () => {
    await open(100);
    await publisher.publish('t', 'a');
    await eventually(() => expect(arrived.length).toBe(1));
    ledger.stopTaking();
    await publisher.publish('t', 'b');
    await eventually(() => expect(received.length).toBe(2));
    expect(texts()).toEqual(['a']);
    arrived[0]?.acknowledge();
    expect(acknowledged).toEqual(received.slice(0, 1));
  });

  it('keeps its connection alive while nothing is acknowledged for longer than the broker waits', async () => {
    await open(100, 1);
    let closed = false;
    client.on('close', () => (closed = true));
    await publisher.publish('t', 'a');
    await new Promise((resolve) => setTimeout(resolve, 2_200));
    expect(closed).toBe(false);
    expect(acknowledged).toEqual([]);
  });

  it('keeps its connection alive also while it reads nothing, be it the answers to its pings', async () => {
    await open(1, 1);
    let closed = false;
    client.on('close', () => (closed = true));
    for (const text of ['a', 'b', 'c']) await publisher.publish('t', text);
    await new Promise((resolve) => setTimeout(resolve, 3_200));
    expect(texts()).toEqual(['a', 'b']);
    expect(closed).toBe(false);
    for (const message of [...arrived]) message.acknowledge();
    await eventually(() => expect(texts()).toEqual(['a', 'b', 'c']));
  });

  it('takes no more from a new connection while all that it may hold is still from an old one', async () => {
    await open(1);
    let connections = 1;
    client.on('connect', () => connections++);
    for (const text of ['a', 'b', 'c']) await publisher.publish('t', text);
    await eventually(() => expect(texts()).toEqual(['a', 'b']));
    for (let breaks = 1; breaks <= 3; breaks++) {
      const before = received.length;
      client.stream.destroy();
      await eventually(() => expect(connections).toBe(1 + breaks));
      await eventually(() => expect(received.length).toBeGreaterThan(before));
    }
    expect(texts()).toEqual(['a', 'b']);
    for (const message of [...arrived]) message.acknowledge();
    await eventually(() => expect(texts()).toEqual(['a', 'b', 'a', 'b']));
    expect(acknowledged).toEqual([]);
    for (const message of [...arrived]) message.acknowledge();
    await eventually(() => expect(texts().at(-1)).toBe('c'));
    expect(acknowledged.length).toBe(2);
  });
});

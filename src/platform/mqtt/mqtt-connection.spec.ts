import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../test/support/eventually.ts';
import { testBrokers, type TestBroker } from '../../../test/support/test-brokers.ts';
import type { ArrivedMessage } from './deferred-acknowledgement.ts';
import { startEmbeddedBroker } from './embedded-broker.ts';
import { MqttConnection } from './mqtt-connection.ts';
import { connectPublisher } from './mqtt-publisher.ts';

/** Undone in reverse after each test. */
const leftovers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const undo of leftovers.splice(0).reverse()) await undo();
});

function createConnection(url: string) {
  const arrived: ArrivedMessage[] = [];
  const lines: string[] = [];
  const log = (...words: unknown[]) => void lines.push(String(words.at(-1)));
  const connection = new MqttConnection({
    url,
    clientId: 'platform',
    topicFilter: 'spanwatch/v1/#',
    maxInFlight: 10,
    maxInFlightBytes: 1e6,
    logger: { info: log, warn: log },
    onMessage: (message) => arrived.push(message),
  });
  leftovers.push(() => connection.close());
  return { connection, arrived, lines, texts: () => arrived.map(({ payload }) => payload.toString()) };
}

async function publish(url: string, text: string): Promise<void> {
  const publisher = await connectPublisher(url);
  await publisher.publish('spanwatch/v1/north/T-1/s/weather', text);
  await publisher.close();
}

describe.each(testBrokers)('connection to $name', ({ name, start, isThere }) => {
  it.skipIf(!isThere)('receives what is published while it is away, also before it asks again', async () => {
    const broker: TestBroker = await start(0);
    leftovers.push(() => broker.stop());
    const first = createConnection(broker.url);
    await first.connection.connect(5_000);
    expect(first.connection.ready).toBe(true);
    await first.connection.close();
    expect(first.connection.ready).toBe(false);
    for (const text of ['1', '2']) await publish(broker.url, text);
    const second = createConnection(broker.url);
    await second.connection.connect(5_000);
    await eventually(() => expect(second.texts()).toEqual(['1', '2']));
    const spoken = name === 'aedes' ? /3\.1\.1/ : /^listening/;
    expect(second.lines[0]).toMatch(spoken);
  });

  it.skipIf(!isThere)('comes back to a broker that was restarted and says what was lost', async () => {
    const broker = await start(0);
    const { connection, lines, texts } = createConnection(broker.url);
    await connection.connect(5_000);
    await broker.stop();
    await eventually(() => expect(connection.ready).toBe(false));
    const again = await start(broker.port);
    leftovers.push(
      () => again.stop(),
      () => connection.close(),
    );
    await eventually(() => expect(connection.ready).toBe(true));
    await publish(again.url, 'after');
    await eventually(() => expect(texts()).toEqual(['after']));
    expect(lines.filter((line) => line.startsWith('lost the MQTT broker')).length).toBe(1);
    expect(lines.filter((line) => line.includes('has forgotten our session')).length).toBe(1);
  });
});

describe('connection', () => {
  it('says that a broker can not be reached, and connects when it comes up', async () => {
    const gone = await startEmbeddedBroker(0);
    await gone.stop();
    const { port } = gone;
    const { connection } = createConnection(`mqtt://user:secret@127.0.0.1:${port}`);
    const failed = connection.connect(200);
    await expect(failed).rejects.toThrow(`The MQTT broker at 127.0.0.1:${port} can't be reached yet.`);
    const broker = await startEmbeddedBroker(port);
    leftovers.push(
      () => broker.stop(),
      () => connection.close(),
    );
    await eventually(() => expect(connection.ready).toBe(true));
  });
});

describe('embedded broker', () => {
  it('names the port that is in use and the settings that help', async () => {
    const broker = await startEmbeddedBroker(0);
    leftovers.push(() => broker.stop());
    await expect(startEmbeddedBroker(broker.port)).rejects.toThrow(
      `Port ${broker.port} for the MQTT broker is in use: set MQTT_PORT`,
    );
  });

  it('stops with clients connected and frees its port', async () => {
    const broker = await startEmbeddedBroker(0);
    const publisher = await connectPublisher(broker.url);
    await broker.stop();
    await publisher.close();
    const again = await startEmbeddedBroker(broker.port);
    await again.stop();
  });
});

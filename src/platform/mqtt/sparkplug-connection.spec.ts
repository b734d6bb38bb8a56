/** A host's connection finds its broker again, and says online only when it may. */
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../test/support/eventually.ts';
import { startMqttTap } from '../../../test/support/mqtt-tap.ts';
import { readSessions } from '../../../test/support/read-mqtt-packet.ts';
import { testBrokers } from '../../../test/support/test-brokers.ts';
import { SparkplugConnection } from './sparkplug-connection.ts';
import { connectPublisher } from './mqtt-publisher.ts';

const leftovers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const undo of leftovers.splice(0).reverse()) await undo();
});

function createConnection(url: string) {
  const topics: string[] = [];
  const lines: string[] = [];
  let lost = 0;
  const log = (...words: unknown[]) => void lines.push(String(words.at(-1)));
  const connection = new SparkplugConnection({
    url,
    hostId: 'h',
    clientId: 'c',
    logger: { info: log, warn: log },
    onMessage: ({ topic }) => topics.push(topic),
    onLost: () => lost++,
  });
  leftovers.push(() => connection.close());
  return { connection, topics, lines, losses: () => lost };
}

describe.each(testBrokers)('a host’s connection to $name', ({ start, isThere }) => {
  it.skipIf(!isThere)(
    'waits for a broker that is not there yet, and comes back to one that was restarted',
    async () => {
      const gone = await start(0);
      await gone.stop();
      const { connection, topics, lines, losses } = createConnection(gone.url);
      await expect(connection.connect(100)).rejects.toThrow(/can't be reached yet/);
      expect(connection.sendCommand('spBv1.0/g/NCMD/n', Uint8Array.of(1))).toBe(false);
      const broker = await start(gone.port);
      await eventually(() => expect(connection.ready).toBe(true));
      await broker.stop();
      await eventually(() => expect(connection.ready).toBe(false));
      expect(losses()).toBe(1);
      const again = await start(gone.port);
      leftovers.push(
        () => again.stop(),
        () => connection.close(),
      );
      await eventually(() => expect(connection.ready).toBe(true));
      const publisher = await connectPublisher(again.url);
      await publisher.publish('spBv1.0/g/NDATA/n', 'x');
      await publisher.publish('spBv1.0/STATE/other', 'x');
      await publisher.close();
      await eventually(() => expect(topics).toEqual(['spBv1.0/g/NDATA/n', 'spBv1.0/STATE/other']));
      expect(losses()).toBe(1);
      expect(lines.filter((line) => /lost the MQTT broker/.test(line)).length).toBe(1);
    },
  );

  it.skipIf(!isThere)(
    'says offline and online again with the time of its will, and nothing twice',
    async () => {
      const broker = await start(0);
      const tap = await startMqttTap(broker.port);
      const { connection } = createConnection(tap.url);
      leftovers.unshift(
        () => broker.stop(),
        () => tap.stop(),
      );
      const session = () => readSessions(tap.sent).findLast(({ packets }) => packets.length > 0);
      const said = () =>
        session()?.packets.flatMap((packet) =>
          packet.type === 'publish' ? [JSON.parse(packet.payload.toString()) as unknown] : [],
        );
      connection.setOnline(false);
      await connection.connect(5_000);
      expect(connection.ready).toBe(true);
      connection.setOnline(true);
      connection.setOnline(true);
      connection.setOnline(false);
      await new Promise((resolve) => setTimeout(resolve, 100));
      const { timestamp } = JSON.parse(String(session()?.connect.will?.payload)) as { timestamp: number };
      const last = said()!.at(-1);
      expect(last).toEqual({ online: false, timestamp });
      expect(said()!.slice(0, 3)).toEqual([
        { online: false, timestamp },
        { online: true, timestamp },
        { online: false, timestamp },
      ]);
    },
  );
});

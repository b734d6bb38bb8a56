/** Several ingest processes share one feed: every reading is stored once, whichever of them is there. */
import { afterEach, describe, expect, it } from 'vitest';
import { IngestService } from '../../src/features/ingest/ingest.service.ts';
import { connectPublisher } from '../../src/platform/mqtt/mqtt-publisher.ts';
import { eventually } from '../support/eventually.ts';
import { mosquittoIsThere, startMosquitto, testBrokers } from '../support/test-brokers.ts';
import { withTestDatabase } from '../support/test-database.ts';

const READINGS = 400;

describe('ingest processes of one group', () => {
  const { database } = withTestDatabase();
  const leftovers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const undo of leftovers.splice(0).reverse()) await undo();
  });

  async function startMember(mqttUrl: string, clientId: string) {
    const member = { stored: 0, lines: [] as string[] };
    const log = (...words: unknown[]) => void member.lines.push(String(words.at(-1)));
    const ingest = new IngestService({
      database: database(),
      logger: { info: log, warn: log, error: log },
      metrics: {
        stored: (count) => (member.stored += count),
        duplicate: () => {},
        conflict: () => {},
        rejected: () => {},
        batchSeconds: () => {},
      },
      mqttUrl,
      session: { clientId, release: async () => {} },
      group: 'grid',
      unknownSensors: 'register',
    });
    let isUp = true;
    const stop = async () => {
      if (isUp) await ingest.stop();
      isUp = false;
    };
    leftovers.push(stop);
    await ingest.start();
    return Object.assign(member, { stop });
  }

  it.runIf(mosquittoIsThere)('share what comes, and take up what came while one was away', async () => {
    const broker = await startMosquitto(0);
    leftovers.push(() => broker.stop());
    const publisher = await connectPublisher(broker.url);
    leftovers.push(() => publisher.close());
    const send = (from: number, count: number) =>
      Promise.all(
        Array.from({ length: count }, (_, index) => {
          const observedAt = new Date(Date.UTC(2026, 0, 1) + (from + index) * 60_000).toISOString();
          const topic = `spanwatch/v1/north/T-1/share-${index % 5}/impedance`;
          return publisher.publish(topic, JSON.stringify({ observedAt, loadAmpere: from + index }));
        }),
      );
    const rows = async () => {
      const found = await database().query<{ count: number; sum: number }>(
        'SELECT count(*)::int AS count, sum(load_ampere) AS sum FROM impedance_reading',
      );
      return found.rows[0];
    };
    const sumTo = (count: number) => (count * (count - 1)) / 2;

    const one = await startMember(broker.url, 'one');
    const other = await startMember(broker.url, 'other');
    await send(0, READINGS);
    await eventually(async () => expect(await rows()).toEqual({ count: READINGS, sum: sumTo(READINGS) }));
    expect(one.stored).toBeGreaterThan(0);
    expect(other.stored).toBeGreaterThan(0);
    expect(one.stored + other.stored).toBe(READINGS);

    await other.stop();
    await send(READINGS, READINGS);
    await startMember(broker.url, 'other');
    await eventually(async () =>
      expect(await rows()).toEqual({ count: 2 * READINGS, sum: sumTo(2 * READINGS) }),
    );
  });

  it('are told when the broker can not share', async () => {
    const broker = await testBrokers[0].start(0);
    leftovers.push(() => broker.stop());
    await expect(startMember(broker.url, 'one')).rejects.toThrow(
      'no shared subscriptions of MQTT 5, which MQTT_GROUP asks for',
    );
  });
});

/** Few rejected messages are kept at once, a flood is put by and sorted in when it is over: nothing differs in the end. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BatchWriter } from '../../src/features/ingest/batch-writer.ts';
import { readMessage, rejectMessage } from '../../src/features/ingest/read-message.ts';
import { RejectedBacklog } from '../../src/features/ingest/rejected-backlog.ts';
import { replayRejected } from '../../src/features/ingest/replay-rejected.ts';
import { sortInBatches } from '../../src/features/ingest/sort-in-rejected.ts';
import { putMessagesBy } from '../../src/platform/storage/rejected-batches.ts';
import { SensorRepository } from '../../src/platform/storage/sensor-repository.ts';
import { withTestDatabase } from '../support/test-database.ts';
import { waitFor } from '../support/wait-for.ts';

const { database } = withTestDatabase();
const FEW = 200;
const LIMIT_MS = 20_000;
const receivedAt = new Date('2026-11-23T12:00:00.123Z');
const topicOf = (sensor: string) => `spanwatch/v1/north/T-1/${sensor}/impedance`;

let backlog: RejectedBacklog;
let lines: string[];

beforeEach(async () => {
  await database().query('TRUNCATE rejected_message, rejected_batch, impedance_reading, sensor CASCADE');
  lines = [];
  const log = (...words: unknown[]) => void lines.push(String(words.at(-1)));
  const logger = { info: log, warn: log, error: log };
  backlog = new RejectedBacklog(database(), sortInBatches(database(), 'reject'), logger);
});

afterEach(() => backlog.stop(LIMIT_MS));

/** Each another, in turns cut short, of a wrong type, out of range and of tomorrow. */
function poison(n: number) {
  const text = JSON.stringify({ observedAt: '2026-11-23T11:00:00Z', resistanceOhm: n / 100, loadAmpere: 1 });
  const payload = [
    text.slice(0, -1),
    text.replace('"loadAmpere":1', '"loadAmpere":"much"'),
    text.replace('"loadAmpere":1', '"loadAmpere":-1'),
    text.replace('-23T', '-24T'),
  ][n % 4]!;
  return { receivedAt, topic: topicOf('p'), payload: Buffer.from(payload) };
}

const messages = (from: number, count: number) => Array.from({ length: count }, (_, n) => poison(from + n));
const reads = (from: number, count: number) => messages(from, count).map(readMessage);

async function kept(): Promise<unknown[]> {
  const { rows } = await database().query(
    `SELECT received_at, topic, payload, reason_code, reason, content_sha256, replayed_at
       FROM rejected_message ORDER BY rejected_message_id`,
  );
  return rows;
}

async function count(table: 'rejected_message' | 'rejected_batch' | 'impedance_reading'): Promise<number> {
  const { rows } = await database().query<{ count: number }>(`SELECT count(*)::int FROM ${table}`);
  return rows[0]!.count;
}

const untilKept = (expected: number) => waitFor(async () => (await count('rejected_message')) === expected);

describe('rejected messages', () => {
  it('are kept at once when they are few, and put by when they are more', async () => {
    await backlog.keep(reads(0, FEW));
    expect(await count('rejected_message')).toBe(FEW);
    await backlog.keep(reads(FEW, FEW + 1));
    expect(await count('rejected_message')).toBe(FEW);
    expect(await count('rejected_batch')).toBe(1);
  });

  it('that were put by are kept as if they had been kept at once', async () => {
    for (let from = 0; from < 300; from += 100) await backlog.keep(reads(from, 100));
    const atOnce = await kept();
    await database().query('TRUNCATE rejected_message');
    await backlog.keep(reads(0, 300));
    backlog.start();
    await untilKept(300);
    expect(await kept()).toEqual(atOnce);
  });

  it('are sorted in without being asked for, and that is said once', async () => {
    backlog.start();
    for (let batch = 0; batch < 3; batch++) await backlog.keep(reads(batch * 500, 500));
    await untilKept(1_500);
    await waitFor(() => Promise.resolve(lines.length === 2));
    expect(await count('rejected_batch')).toBe(0);
    expect(lines[0]).toMatch(/flood/);
    expect(lines[1]).toBe('all that was put by is in rejected_message');
  });

  it('are kept once, however often they came, at once or put by', async () => {
    await backlog.keep(reads(0, 100));
    await backlog.keep(reads(50, 300));
    await backlog.keep([...reads(0, 400), ...reads(0, 400)]);
    backlog.start();
    await waitFor(async () => (await count('rejected_batch')) === 0);
    expect(await count('rejected_message')).toBe(400);
  });

  it('that can not be read again the same are kept at once in any flood', async () => {
    const large = readMessage({ ...poison(0), payload: Buffer.alloc((1 << 20) + 1, 'x') });
    const strange = { ...poison(1), topic: 'spBv1.0/group/NDATA/node' };
    const foreign = rejectMessage(strange, { code: 'sparkplug-unread', reason: 'No.' });
    await backlog.keep([...reads(0, 300), large, foreign]);
    expect(await kept()).toMatchObject([
      { reason_code: 'payload-too-large' },
      { reason_code: 'sparkplug-unread', topic: strange.topic },
    ]);
    backlog.start();
    await untilKept(302);
  });

  it('that a process left behind are sorted in by the next', async () => {
    await putMessagesBy(database(), messages(0, 300));
    backlog.start();
    await untilKept(300);
  });

  it('are all sorted in at a stop, flood or not', async () => {
    backlog.start();
    for (let batch = 0; batch < 10; batch++) await backlog.keep(reads(batch * 500, 500));
    await backlog.stop(LIMIT_MS);
    expect(await count('rejected_message')).toBe(5_000);
    expect(await count('rejected_batch')).toBe(0);
  });

  it('wait while they cannot be sorted in, and are sorted in once they can', async () => {
    await database().query('ALTER TABLE rejected_batch RENAME TO elsewhere');
    backlog.start();
    await waitFor(() => Promise.resolve(lines.length === 1));
    expect(lines[0]).toBe("what was put by can't be sorted in: it waits");
    await database().query('ALTER TABLE elsewhere RENAME TO rejected_batch');
    await backlog.keep(reads(0, 300));
    await untilKept(300);
    expect(lines.filter((line) => line.includes("can't be sorted in")).length).toBe(1);
  });

  it('of sensors that have been registered meanwhile are stored', async () => {
    const good = (n: number) => ({
      receivedAt,
      topic: topicOf('late'),
      payload: Buffer.from(
        JSON.stringify({ observedAt: new Date(receivedAt.getTime() - 1000 * n), loadAmpere: n }),
      ),
    });
    const sensors = new SensorRepository(database());
    const writer = new BatchWriter(database(), sensors, 'reject', (refused) => backlog.keep(refused));
    const sent = Array.from({ length: 300 }, (_, n) => readMessage(good(n)));
    expect((await writer.write(sent)).rejected.length).toBe(300);
    expect(await count('rejected_batch')).toBe(1);
    await sensors.register([{ lineId: 'north', towerId: 'T-1', sensorId: 'late', kind: 'impedance' }]);
    backlog.start();
    await waitFor(async () => (await count('impedance_reading')) === 300);
    expect(await count('rejected_message')).toBe(0);
  });

  it('that are still put by are part of a replay', async () => {
    await backlog.keep(reads(0, 300));
    const everything = { reasonCode: null, since: null, topicPrefix: null };
    const request = { filter: everything, unknownSensors: 'reject', limit: Infinity, dryRun: false } as const;
    expect(await replayRejected(database(), request)).toMatchObject({ messages: 300, refused: 300 });
  });
});

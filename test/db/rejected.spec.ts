/** What could not be stored: kept once with its code, replayed through the ordinary path, purged in bites. */
import { beforeEach, describe, expect, it } from 'vitest';
import { BatchWriter } from '../../src/features/ingest/batch-writer.ts';
import { purgeRejected } from '../../src/features/ingest/purge-rejected.ts';
import { readMessage } from '../../src/features/ingest/read-message.ts';
import { replayRejected, type ReplayRequest } from '../../src/features/ingest/replay-rejected.ts';
import {
  RejectedMessageRepository,
  storeRejectedMessages,
  type RejectedFilter,
} from '../../src/platform/storage/rejected-message-repository.ts';
import { SensorRepository } from '../../src/platform/storage/sensor-repository.ts';
import { withTestDatabase } from '../support/test-database.ts';

const { database } = withTestDatabase();
const receivedAt = new Date('2026-01-01T12:00:00Z');
const topicOf = (sensor: string, kind = 'impedance') => `spanwatch/v1/north/T-1/${sensor}/${kind}`;
const reading = (minute: number, more: object = { loadAmpere: minute }) =>
  JSON.stringify({ observedAt: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString(), ...more });
const everything: RejectedFilter = { reasonCode: null, since: null, topicPrefix: null, state: null };

beforeEach(() =>
  database().query('TRUNCATE impedance_reading, weather_reading, rejected_message, sensor CASCADE'),
);

async function receive(
  sent: readonly (readonly [topic: string, payload: string | Buffer])[],
  unknownSensors: 'register' | 'reject' = 'register',
) {
  const writer = new BatchWriter(database(), new SensorRepository(database()), unknownSensors);
  return writer.write(
    sent.map(([topic, payload]) => readMessage({ topic, payload: Buffer.from(payload), receivedAt })),
  );
}

const kept = async () =>
  (
    await database().query(
      'SELECT topic, reason_code, replayed_at FROM rejected_message ORDER BY rejected_message_id',
    )
  ).rows as { topic: string; reason_code: string; replayed_at: Date | null }[];
const countReadings = async () =>
  (await database().query<{ count: number }>('SELECT count(*)::int FROM impedance_reading')).rows[0]!.count;
const replay = (changed: Partial<ReplayRequest> = {}) =>
  replayRejected(database(), {
    filter: everything,
    unknownSensors: 'register',
    limit: Infinity,
    dryRun: false,
    ...changed,
  });

describe('a message that may never be stored', () => {
  it('is kept with the code of its case', async () => {
    const cases: [topic: string, payload: string | Buffer, code: string][] = [
      [topicOf('p'), Buffer.from([0xff, 0x00]), 'payload-not-json'],
      [topicOf('p'), '', 'payload-empty'],
      [topicOf('p'), '[]', 'payload-empty'],
      [topicOf('p'), 'x'.repeat(1_048_577), 'payload-too-large'],
      [topicOf('p'), '7', 'reading-malformed'],
      [topicOf('p'), reading(1, { loadAmpere: 'much' }), 'reading-malformed'],
      [topicOf('p'), reading(1, { loadAmpere: 'much', resistanceOhm: -1 }), 'reading-malformed'],
      [topicOf('p'), '{"observedAt":"2026-01-01","loadAmpere":1}', 'reading-malformed'],
      [topicOf('p'), reading(1, { loadAmpere: -1 }), 'quantity-implausible'],
      [topicOf('p'), reading(1, {}), 'reading-empty'],
      [topicOf('p'), reading(1, { loadAmpere: 1, sensorId: 'q' }), 'identity-mismatch'],
      [topicOf('p'), reading(24 * 60), 'time-in-future'],
      [topicOf('p'), '{"observedAt":"1970-01-01T00:00:00Z","loadAmpere":1}', 'time-too-old'],
      [topicOf('p', 'thermal'), reading(1), 'kind-unknown'],
      ['spanwatch/v1/north', reading(1), 'topic-malformed'],
      [`spanwatch/v1/${'long/'.repeat(5_000)}`, reading(1), 'topic-malformed'],
    ];
    const outcome = await receive(cases.map(([topic, payload]) => [topic, payload] as const));
    expect((await kept()).map((row) => row.reason_code)).toEqual(cases.map(([, , code]) => code));
    expect(outcome).toMatchObject({ stored: 0, rejected: cases.map(([, , code]) => code) });
  });

  it('is kept once however often it comes while it waits, within a batch and across', async () => {
    const poison = [topicOf('p'), 'rubbish'] as const;
    expect((await receive([poison, poison])).rejected.length).toBe(2);
    await receive([poison, [topicOf('q'), 'rubbish'], [topicOf('p'), 'rubbish!']]);
    expect((await kept()).map(({ topic }) => topic)).toEqual([topicOf('p'), topicOf('q'), topicOf('p')]);
  });

  it('keeps topic and payload apart: what is moved from one to the other is another message', async () => {
    await receive([
      ['spanwatch/v1/a', 'bc'],
      ['spanwatch/v1/ab', 'c'],
    ]);
    expect((await kept()).length).toBe(2);
  });
});

describe('a replay', () => {
  const strangers = [1, 2, 3].map((minute) => [topicOf('stranger'), reading(minute)] as const);

  it('stores what can be stored now, marks it, and adds no row for what is refused again', async () => {
    await receive([...strangers, [topicOf('stranger'), 'rubbish']], 'reject');
    await receive([[topicOf('known'), `[${reading(1)},${reading(2, { loadAmpere: -1 })}]`]]);
    const report = await replay();
    expect(report).toEqual({
      messages: 5,
      replayed: 3,
      readingsStored: 3,
      readingsThereAlready: 1,
      refused: 2,
      refusedByReason: { 'payload-not-json': 1, 'quantity-implausible': 1 },
      dryRun: false,
    });
    expect((await kept()).map((row) => [row.reason_code, row.replayed_at !== null])).toEqual([
      ['sensor-unknown', true],
      ['sensor-unknown', true],
      ['sensor-unknown', true],
      ['payload-not-json', false],
      ['quantity-implausible', false],
    ]);
    expect(await countReadings()).toBe(4);
    expect(await replay()).toMatchObject({ messages: 2, replayed: 0, refused: 2 });
    expect((await kept()).length).toBe(5);
  });

  it('says in a dry run what it would do, and changes nothing', async () => {
    await receive([...strangers, [topicOf('stranger'), 'rubbish']], 'reject');
    const before = await kept();
    expect(await replay({ dryRun: true })).toMatchObject({
      replayed: 3,
      readingsStored: 3,
      refused: 1,
      dryRun: true,
    });
    expect(await kept()).toEqual(before);
    expect(await countReadings()).toBe(0);
    const { rows } = await database().query('SELECT FROM sensor');
    expect(rows.length).toBe(0);
  });

  it('judges a time by when the message came, and never stores the beginning of what was cut', async () => {
    await receive([
      [topicOf('p'), reading(24 * 60)],
      [topicOf('p'), `${reading(1)}${' '.repeat(1_100_000)}!`],
    ]);
    expect(await replay()).toMatchObject({
      refusedByReason: { 'time-in-future': 1, 'payload-too-large': 1 },
    });
    expect(await countReadings()).toBe(0);
  });

  it('leaves what came by Sparkplug as it is: it means something only in its session', async () => {
    await database().query(
      `INSERT INTO rejected_message (topic, payload, reason, reason_code, content_sha256)
       VALUES ('spBv1.0/north/DDATA/T-1/imp', 'x', 'Alias 1 is of no birth.', 'sparkplug-unread', 'x')`,
    );
    expect(await replay()).toMatchObject({ refusedByReason: { 'sparkplug-unread': 1 } });
    expect((await kept()).map((row) => row.reason_code)).toEqual(['sparkplug-unread']);
  });

  it('finds what the database refuses among what it takes, also when it only rehearses', async () => {
    await receive(strangers, 'reject');
    await database().query('ALTER TABLE impedance_reading ADD CONSTRAINT odd CHECK (load_ampere <> 2)');
    const expected = { replayed: 2, readingsStored: 2, refusedByReason: { 'database-refused': 1 } };
    expect(await replay({ dryRun: true })).toMatchObject(expected);
    expect(await replay()).toMatchObject(expected);
    await database().query('ALTER TABLE impedance_reading DROP CONSTRAINT odd');
    expect((await kept()).map((row) => row.reason_code)).toEqual([
      'sensor-unknown',
      'database-refused',
      'sensor-unknown',
    ]);
    expect(await replay()).toMatchObject({ messages: 1, replayed: 1 });
    expect(await replay()).toMatchObject({ messages: 0 });
  });

  it('takes only what it is told to, and all of many that do not fit into memory at once', async () => {
    const many = Array.from(
      { length: 1_234 },
      (_, minute) => [topicOf(`many-${minute % 7}`), reading(minute >> 1)] as const,
    );
    await receive([...many, ...strangers], 'reject');
    const large = [1, 2, 3].map(
      (n) => [topicOf('stranger'), `[${reading(10 + n)}${' '.repeat(900_000)}]`] as const,
    );
    await receive(large, 'reject');
    const filter = { ...everything, topicPrefix: topicOf('many').slice(0, -10) };
    expect(await replay({ filter, limit: 700 })).toMatchObject({ messages: 700, replayed: 700 });
    const told: number[] = [];
    const rest = await replayRejected(
      database(),
      { filter: everything, unknownSensors: 'register', limit: Infinity, dryRun: false },
      ({ done, total }) => told.push(done / total),
    );
    expect(rest).toMatchObject({ messages: 540, replayed: 540, readingsStored: 540, refused: 0 });
    // 500, then the rest but for the third large one.
    expect(told.length).toBe(3);
    expect(told.at(-1)).toBe(1);
    expect(await countReadings()).toBe(1_240);
  });

  it('lets a message that was replayed wait again when it is refused again', async () => {
    await receive(strangers.slice(0, 1), 'reject');
    await replay();
    await database().query('DELETE FROM sensor');
    await receive(strangers.slice(0, 1), 'reject');
    expect((await kept()).map((row) => row.replayed_at !== null)).toEqual([true, false]);
  });
});

describe('the repository', () => {
  const at = (day: number) => new Date(Date.UTC(2026, 0, day));
  const repository = () => new RejectedMessageRepository(database());

  beforeEach(async () => {
    await storeRejectedMessages(
      database(),
      Array.from({ length: 3_001 }, (_, n) => ({
        receivedAt: at(1 + (n % 30)),
        topic: n % 2 ? 'spanwatch/v1/a' : 'spanwatch/v1/b',
        payload: Buffer.from(`${n}`.padEnd(300)),
        reasonCode: n % 3 ? 'x' : 'y',
        reason: `number ${n}`,
      })),
    );
    await repository().markReplayed([(await repository().list(everything, 1))[0]!.rejected_message_id]);
  });

  it('lists the newest first, page by page, with the beginning of the payload', async () => {
    const first = await repository().list(everything, 2);
    expect(first.map(({ reason }) => reason)).toEqual(['number 3000', 'number 2999']);
    expect(first[0]).toMatchObject({ payload_bytes: 300 });
    expect(first[0]!.payload.length).toBe(256);
    const next = await repository().list(everything, 1, first[1]!.rejected_message_id);
    expect(next[0]?.reason).toBe('number 2998');
    expect((await repository().find(next[0]!.rejected_message_id))?.payload.toString().trim()).toBe('2998');
    expect(await repository().find('1')).toBeNull();
  });

  it('filters by reason, time, topic and state together', async () => {
    const filter = {
      reasonCode: 'y',
      since: at(30),
      topicPrefix: 'spanwatch/v1/a',
      state: 'waiting',
    } as const;
    const rows = await repository().list(filter, 500);
    // Numbers n with n ≡ 29 (mod 30) are not divisible by 3.
    expect(rows).toEqual([]);
    const found = await repository().list({ ...filter, since: at(28) }, 500);
    expect(found.length).toBe(100);
    expect(new Set(found.map((row) => row.received_at.getUTCDate()))).toEqual(new Set([28]));
    expect(
      (await repository().list({ ...everything, state: 'replayed' }, 9)).map((row) => row.reason),
    ).toEqual(['number 3000']);
    expect(await repository().list({ ...everything, topicPrefix: 'v1/a' }, 9)).toEqual([]);
  });

  it('counts by reason', async () => {
    const counts = await repository().countByReason({ ...everything, state: 'waiting' });
    expect(counts.map(({ reason_code, messages }) => [reason_code, messages])).toEqual([
      ['x', 2_000],
      ['y', 1_000],
    ]);
    expect(counts[0]).toMatchObject({ payload_bytes: 600_000, oldest_at: at(2), newest_at: at(30) });
  });

  it('purges what is older and fits the filter, in bites, and nothing else', async () => {
    const told: number[] = [];
    const purged = await purgeRejected(repository(), everything, at(30), ({ done }) => told.push(done));
    expect(purged).toBe(2_901);
    expect(told).toEqual([1_000, 2_000, 2_901]);
    expect(await purgeRejected(repository(), { ...everything, topicPrefix: 'spanwatch/v1/b' }, at(31))).toBe(
      0,
    );
    expect(await purgeRejected(repository(), everything, at(31))).toBe(100);
  });
});

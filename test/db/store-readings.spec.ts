import { beforeEach, describe, expect, it } from 'vitest';
import { impedance } from '../../src/catalogue/sensors/impedance/impedance.ts';
import type { Reading } from '../../src/core/domain/reading.ts';
import type { StoredReadings } from '../../src/platform/storage/reading-repository.ts';
import { ReadingStore } from '../../src/platform/storage/reading-store.ts';
import { storeRejectedMessages } from '../../src/platform/storage/rejected-message-repository.ts';
import { withTestDatabase } from '../support/test-database.ts';

const reading = (sensorId: string, observedAt: string, values: Reading['values']): Reading => ({
  sensorId,
  kind: 'impedance',
  observedAt: new Date(observedAt),
  values,
});

const NOTHING = { conflicts: 0, duplicates: 0, stored: 0 };

describe('stored readings', () => {
  const { database } = withTestDatabase();
  let store: ReadingStore;
  const put = (...readings: Reading[]): Promise<StoredReadings> =>
    store.commit((_, storeReadings) => storeReadings(impedance, readings));
  const conflicts = async (sensorId: string) =>
    (
      await database().query(
        `SELECT kind, observed_at, kept_values ->> 'loadAmpere' AS kept, refused_values ->> 'loadAmpere' AS refused
           FROM reading_conflict WHERE sensor_id = $1 ORDER BY reading_conflict_id`,
        [sensorId],
      )
    ).rows;
  beforeEach(() => (store = new ReadingStore(database())));

  it('are what was sent, to the millisecond and the last digit, and null where nothing was measured', async () => {
    const values = { resistanceOhm: 0.1 + 0.2, reactanceOhm: -1e-300, leakageMilliampere: null };
    // NULL is a name that a sensor may have.
    const sent = [
      reading('NULL', '2026-11-23T10:00:00.123Z', values),
      // Before 2000 the database counts backwards.
      reading('NULL', '1999-12-31T23:59:59.999Z', values),
      reading('NULL', '2038-01-19T03:14:08.001Z', values),
    ];
    expect(await put(...sent)).toEqual({ ...NOTHING, stored: 3 });
    // The same again, through the temporary table.
    expect(await put(...sent)).toEqual({ ...NOTHING, duplicates: 3 });
    const { rows } = await database().query(
      `SELECT observed_at, resistance_ohm, reactance_ohm, leakage_milliampere, load_ampere,
              received_at > now() - INTERVAL '1 minute' AS received_now
         FROM impedance_reading WHERE sensor_id = 'NULL' ORDER BY observed_at`,
    );
    const expected = (index: number) => ({
      observed_at: sent[index]?.observedAt,
      resistance_ohm: 0.1 + 0.2,
      reactance_ohm: -1e-300,
      leakage_milliampere: null,
      load_ampere: null,
      received_now: true,
    });
    expect(rows).toEqual([expected(1), expected(0), expected(2)]);
  });

  it('count as new once, within one batch and across batches', async () => {
    const first = reading('twice', '2026-11-23T10:00:00Z', { loadAmpere: 1 });
    const later = reading('twice', '2026-11-23T10:00:00.001Z', { loadAmpere: 3 });
    expect(await put(first, first)).toEqual({ ...NOTHING, stored: 1, duplicates: 1 });
    expect(await put(first, later)).toEqual({ ...NOTHING, stored: 1, duplicates: 1 });
    expect(await conflicts('twice')).toEqual([]);
  });

  it('are all there when batches that overlap are written at once, each in an order of its own', async () => {
    const other = new ReadingStore(database());
    const sensors = Array.from({ length: 200 }, (_, n) => `crossing-${n}`);
    for (let round = 0; round < 5; round++) {
      const at = new Date(Date.UTC(2026, 10, 23, 11, 0, round)).toISOString();
      const batch = sensors.map((sensorId) => reading(sensorId, at, { loadAmpere: 1 }));
      const outcomes = await Promise.all([
        put(...batch),
        other.commit((_, storeReadings) => storeReadings(impedance, batch.toReversed())),
      ]);
      expect(outcomes.reduce((sum, { stored }) => sum + stored, 0)).toBe(batch.length);
      expect(outcomes.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(batch.length);
    }
  });

  it('keep what was there first, and show what contradicts it, once', async () => {
    const observedAt = '2026-11-23T10:00:00Z';
    const first = reading('changed', observedAt, { loadAmpere: 1 });
    const other = reading('changed', observedAt, { loadAmpere: 2 });
    const none = reading('changed', observedAt, { loadAmpere: null });
    expect(await put(first, other)).toEqual({ stored: 1, duplicates: 0, conflicts: 1 });
    expect(await put(other)).toEqual({ stored: 0, duplicates: 0, conflicts: 1 });
    // It says nothing of the channel, so it contradicts nothing.
    expect(await put(none, first)).toEqual({ stored: 0, duplicates: 2, conflicts: 0 });
    const { rows } = await database().query(
      "SELECT load_ampere FROM impedance_reading WHERE sensor_id = 'changed'",
    );
    expect(rows).toEqual([{ load_ampere: 1 }]);
    expect(await conflicts('changed')).toEqual([
      { kind: 'impedance', observed_at: first.observedAt, kept: '1', refused: '2' },
    ]);
  });

  describe('of one instant in several messages', () => {
    const observedAt = '2026-11-23T10:00:00Z';
    const rowOf = async (sensorId: string) =>
      (
        await database().query<Record<'r' | 'x' | 'leakage' | 'load', number | null>>(
          `SELECT resistance_ohm AS r, reactance_ohm AS x, leakage_milliampere AS leakage, load_ampere AS load
             FROM impedance_reading WHERE sensor_id = $1`,
          [sensorId],
        )
      ).rows;
    const [r, x, leakage] = [{ resistanceOhm: 1 }, { reactanceOhm: 2 }, { leakageMilliampere: 3 }];

    it.each([
      ['in one batch', (parts: Reading[]) => [parts]],
      ['in batches of their own', (parts: Reading[]) => parts.map((part) => [part])],
    ])('become one, and coming again change nothing: %s', async (how, batches) => {
      const parts = [r, x, leakage, { loadAmpere: 4 }].map((part) => reading(how, observedAt, part));
      let stored = 0;
      for (const batch of batches(parts)) stored += (await put(...batch)).stored;
      expect(stored).toBe(4);
      expect(await rowOf(how)).toEqual([{ r: 1, x: 2, leakage: 3, load: 4 }]);
      const again = [...parts].reverse();
      expect(await put(...again)).toEqual({ ...NOTHING, duplicates: 4 });
      expect(await conflicts(how)).toEqual([]);
    });

    it('are taken in their order, whole or not at all', async () => {
      const of = (values: Reading['values']) => reading('mixed', observedAt, values);
      await put(of(r));
      const batch = [
        of({ resistanceOhm: 9, ...leakage }),
        of(x),
        of({ reactanceOhm: 7, loadAmpere: 5 }),
        of({ ...r, ...leakage }),
        of({ ...x, loadAmpere: 4 }),
        of({ loadAmpere: 5 }),
      ];
      expect(await put(...batch)).toEqual({ stored: 3, duplicates: 0, conflicts: 3 });
      expect(await rowOf('mixed')).toEqual([{ r: 1, x: 2, leakage: 3, load: 4 }]);
      expect(await put(...batch)).toEqual({ stored: 0, duplicates: 3, conflicts: 3 });
      expect(await conflicts('mixed')).toMatchObject([
        { kept: '4', refused: null },
        { kept: '4', refused: '5' },
        { kept: '4', refused: '5' },
      ]);
    });

    it('become one where the first has gone to the columnstore', async () => {
      await put(reading('packed', observedAt, r), reading('packed-too', observedAt, r));
      await packChunks();
      const batch = [
        reading('packed', observedAt, x),
        reading('packed-too', observedAt, { resistanceOhm: 5 }),
      ];
      expect(await put(...batch)).toEqual({ stored: 1, duplicates: 0, conflicts: 1 });
      expect(await put(...batch)).toEqual({ stored: 0, duplicates: 1, conflicts: 1 });
      expect(await rowOf('packed')).toEqual([{ r: 1, x: 2, leakage: null, load: null }]);
    });

    it('become one when two processes write them at the same time', async () => {
      const minutes = Array.from({ length: 200 }, (_, minute) =>
        new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString(),
      );
      const write = (values: Reading['values']) =>
        new ReadingStore(database()).commit((_, storeReadings) =>
          storeReadings(
            impedance,
            minutes.map((minute) => reading('shared', minute, values)),
          ),
        );
      await Promise.all([write(r), write(x), write(leakage)]);
      const rows = await rowOf('shared');
      expect(rows.length).toBe(minutes.length);
      expect(rows.every((row) => row.r === 1 && row.x === 2 && row.leakage === 3)).toBe(true);
    });

    /** Nothing where there is no columnstore. */
    async function packChunks(): Promise<void> {
      const { rows } = await database().query<{ there: boolean }>(
        "SELECT EXISTS (SELECT FROM pg_proc WHERE proname = 'compress_chunk') AND current_setting('timescaledb.license', true) = 'timescale' AS there",
      );
      if (rows[0]?.there) {
        await database().query("SELECT compress_chunk(chunk) FROM show_chunks('impedance_reading') AS chunk");
      }
    }
  });

  it('are all in when one of thousands was there already, and copied again once that is over', async () => {
    const minute = (index: number) =>
      reading('many', new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString(), { loadAmpere: index });
    const batch = (from: number) => Array.from({ length: 5_000 }, (_, index) => minute(from + index));
    await put(minute(4_999));
    expect(await put(...batch(0))).toEqual({ ...NOTHING, stored: 4_999, duplicates: 1 });
    for (const from of [5_000, 10_000, 15_000]) {
      expect(await put(...batch(from))).toEqual({ ...NOTHING, stored: 5_000 });
    }
  });

  it('may be none', async () => {
    expect(await put()).toEqual(NOTHING);
  });
});

describe('rejected messages', () => {
  const { database } = withTestDatabase();

  it('keep every byte, and a topic that text can not hold', async () => {
    const payload = Buffer.from([0, 1, 254, 255, 92, 39]);
    const receivedAt = new Date('2026-11-23T10:00:00.123Z');
    await storeRejectedMessages(database(), [
      { receivedAt, topic: 'a\0b', payload, reasonCode: 'a', reason: "it's 'wrong', \\ and \"so\"" },
      { receivedAt, topic: 't', payload: Buffer.alloc(0), reasonCode: 'b', reason: 'empty' },
    ]);
    const { rows } = await database().query(
      'SELECT received_at, topic, payload, reason FROM rejected_message ORDER BY rejected_message_id',
    );
    expect(rows).toEqual([
      { received_at: receivedAt, topic: 'a\uFFFDb', payload, reason: "it's 'wrong', \\ and \"so\"" },
      { received_at: receivedAt, topic: 't', payload: Buffer.alloc(0), reason: 'empty' },
    ]);
  });
});

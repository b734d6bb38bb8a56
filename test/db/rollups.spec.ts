/** Rollups hold what the readings they cover say, late ones included, on every flavour of the database. */
import { beforeAll, describe, expect, it } from 'vitest';
import { impedance } from '../../src/catalogue/sensors/impedance/impedance.ts';
import type { Reading } from '../../src/core/domain/reading.ts';
import { createRandom } from '../../src/core/statistics/random.ts';
import { ReadingStore } from '../../src/platform/storage/reading-store.ts';
import { withTestDatabase } from '../support/test-database.ts';

const MINUTE = 60_000;
const STEPS = { '1m': MINUTE, '15m': 15 * MINUTE, '1h': 60 * MINUTE, '1d': 1_440 * MINUTE } as const;
const BEGIN = Date.UTC(2026, 4, 1, 22, 50);

describe('rollups', () => {
  const { database } = withTestDatabase();
  const random = createRandom('rollups');
  const readings = ['A', 'B'].flatMap((sensorId) =>
    Array.from({ length: 400 }, (_, index): Reading => ({
      sensorId,
      kind: 'impedance',
      observedAt: new Date(BEGIN + index * 20_000 + Math.floor(random.uniform() * 10_000)),
      values: { resistanceOhm: index % 7 === 0 ? null : random.normal(), loadAmpere: index },
    })),
  );
  const put = (some: readonly Reading[]) =>
    new ReadingStore(database()).commit((_, store) => store(impedance, some));
  beforeAll(() => put(readings));

  const expected = (step: keyof typeof STEPS, all: readonly Reading[]) => {
    const buckets = new Map<string, Reading[]>();
    for (const reading of all) {
      const from = Math.floor(reading.observedAt.getTime() / STEPS[step]) * STEPS[step];
      const key = `${reading.sensorId} ${new Date(from).toISOString()}`;
      buckets.set(key, [...(buckets.get(key) ?? []), reading]);
    }
    return [...buckets.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  };
  const check = async (step: keyof typeof STEPS, all: readonly Reading[]) => {
    const { rows } = await database().query<Record<string, unknown> & { sensor_id: string; bucket_at: Date }>(
      `SELECT * FROM impedance_reading_${step} ORDER BY sensor_id, bucket_at`,
    );
    const buckets = expected(step, all);
    expect(rows.map((row) => `${row.sensor_id} ${row.bucket_at.toISOString()}`)).toEqual(
      buckets.map(([key]) => key),
    );
    buckets.forEach(([, members], index) => {
      const row = rows[index]!;
      const values = members.flatMap((each) => each.values['resistanceOhm'] ?? []);
      const sum = (of: readonly number[]) => of.reduce((total, value) => total + value, 0);
      expect([Number(row['reading_count']), Number(row['resistance_ohm_count'])]).toEqual([
        members.length,
        values.length,
      ]);
      expect(Number(row['reactance_ohm_count'])).toBe(0);
      expect(row['reactance_ohm_sum']).toBeNull();
      if (values.length === 0) {
        expect([row['resistance_ohm_sum'], row['resistance_ohm_min']]).toEqual([null, null]);
        return;
      }
      // Sums of some hundred numbers about 1, added in another order: the late one makes squares of a million.
      expect(row['resistance_ohm_sum'] as number).toBeCloseTo(sum(values), 9);
      expect(row['resistance_ohm_sum_of_squares'] as number).toBeCloseTo(sum(values.map((v) => v * v)), 9);
      expect([row['resistance_ohm_min'], row['resistance_ohm_max']]).toEqual([
        Math.min(...values),
        Math.max(...values),
      ]);
    });
  };

  it.each(['1m', '15m', '1h', '1d'] as const)('of %s hold count, sums, least and most', async (step) => {
    await check(step, readings);
  });

  it('take in a reading that comes after they were kept', async () => {
    await refresh();
    const late: Reading = {
      sensorId: 'A',
      kind: 'impedance',
      observedAt: new Date(BEGIN + 5_001),
      values: { resistanceOhm: 1_000 },
    };
    await put([late]);
    await refresh();
    for (const step of ['1m', '15m', '1h', '1d'] as const) await check(step, [...readings, late]);
  });

  it('are brought up in pieces of a day at least, where they are kept', async () => {
    if (!(await areKept())) return;
    const { rows } = await database().query<{ rollup: string; buckets: number }>(
      `SELECT hypertable_name AS rollup, (config ->> 'buckets_per_batch')::int AS buckets
         FROM timescaledb_information.jobs
        WHERE proc_name = 'policy_refresh_continuous_aggregate' AND hypertable_name LIKE 'impedance%' ORDER BY 1`,
    );
    expect(rows).toEqual([
      { rollup: 'impedance_reading_15m', buckets: 672 },
      { rollup: 'impedance_reading_1d', buckets: 366 },
      { rollup: 'impedance_reading_1h', buckets: 744 },
      { rollup: 'impedance_reading_1m', buckets: 1440 },
    ]);
  });

  async function areKept(): Promise<boolean> {
    const { rows } = await database().query<{ kept: boolean }>(
      "SELECT EXISTS (SELECT FROM pg_proc WHERE proname = 'refresh_continuous_aggregate') AND current_setting('timescaledb.license', true) = 'timescale' AS kept",
    );
    return rows[0]!.kept;
  }

  /** What the background does in time. */
  async function refresh(): Promise<void> {
    if (!(await areKept())) return;
    for (const step of Object.keys(STEPS)) {
      await database().query(`CALL refresh_continuous_aggregate('impedance_reading_${step}', NULL, NULL)`);
    }
  }
});

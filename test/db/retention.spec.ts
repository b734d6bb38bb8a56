/** Deleting what is old: as much as was asked for, and nothing that rollups have not taken in. */
import { beforeEach, describe, expect, it } from 'vitest';
import { impedance } from '../../src/catalogue/sensors/impedance/impedance.ts';
import type { Reading } from '../../src/core/domain/reading.ts';
import type { Database } from '../../src/platform/storage/database.ts';
import { ReadingRetention, type RetentionDays } from '../../src/platform/storage/reading-retention.ts';
import { ReadingStore } from '../../src/platform/storage/reading-store.ts';
import { SensorRepository } from '../../src/platform/storage/sensor-repository.ts';
import { withTestDatabase } from '../support/test-database.ts';

const [HOUR, DAY] = [3_600_000, 86_400_000];
/** A chunk goes as a whole: a week wide until it is sized, it may reach so far beyond what must be kept. */
const CHUNK_DAYS = 7;
/** Of the 40 days before now; ten readings within one minute of each. */
const DAYS = 40;
const PER_DAY = 10;
const ALL = DAYS * PER_DAY;
const STEPS = ['1m', '15m', '1h', '1d'] as const;
const KEEP_ALL: RetentionDays = { readings: null, rollups: null };
/** Near the database's own, which the background goes by. */
const now = new Date(Math.floor(Date.now() / HOUR) * HOUR);
const inDays = (days: number) => new Date(now.getTime() + days * DAY);

const readingAt = (ageDays: number): Reading => ({
  sensorId: 'A',
  kind: 'impedance',
  observedAt: inDays(-ageDays),
  values: { loadAmpere: 1 },
});

class World {
  constructor(
    private readonly database: Database,
    /** Whether rollups live on without the readings. */
    readonly keepsRollups: boolean,
    /** Whether readings lie in chunks. */
    readonly hasChunks: boolean,
  ) {}

  static async create(database: Database): Promise<World> {
    const { rows } = await database.query<{ kept: boolean; chunks: boolean }>(
      `SELECT there AND current_setting('timescaledb.license', true) = 'timescale' AS kept, there AS chunks
         FROM (SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb') AS there) AS extension`,
    );
    const world = new World(database, rows[0]!.kept, rows[0]!.chunks);
    await world.stopBackground();
    const place = { lineId: 'L', towerId: 'T', sensorId: 'A', kind: 'impedance' };
    await new SensorRepository(database).register([place]);
    const ages = Array.from(
      { length: ALL },
      (_, index) => Math.floor(index / PER_DAY) + 0.5 + (index % PER_DAY) / 1e5,
    );
    await world.put(...ages.map(readingAt));
    return world;
  }

  /** @param at not later than now, which the background goes by */
  clear(days: RetentionDays, at = now, isStopping?: () => boolean) {
    const options = { days, now: at, ...(isStopping && { isStopping }) };
    return new ReadingRetention(this.database).clear(impedance, options);
  }

  put(...readings: Reading[]) {
    return new ReadingStore(this.database).commit((_, store) => store(impedance, readings));
  }

  /** @param from age in days */
  async readings(from = 1_000, to = 0): Promise<number> {
    const { rows } = await this.database.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM impedance_reading WHERE observed_at BETWEEN $1 AND $2',
      [inDays(-from), inDays(-to)],
    );
    return rows[0]!.count;
  }

  /** Readings that the rollups of each step tell of. */
  async rolledUp(from = 1_000): Promise<number[]> {
    const counts: number[] = [];
    for (const step of STEPS) {
      const { rows } = await this.database.query<{ count: number }>(
        `SELECT coalesce(sum(reading_count), 0)::int AS count FROM impedance_reading_${step} WHERE bucket_at >= $1`,
        [inDays(-from)],
      );
      counts.push(rows[0]!.count);
    }
    return counts;
  }

  /** Of all that there were, where rollups are kept; else of what is still there. */
  async expectRolledUp(count: number): Promise<void> {
    const there = this.keepsRollups ? count : await this.readings();
    expect(await this.rolledUp()).toEqual(STEPS.map(() => there));
  }

  /** The tests run it themselves, and in one go, where it would go minute by minute. */
  async stopBackground(): Promise<void> {
    if (!this.keepsRollups) return;
    await this.database.query(
      `SELECT alter_job(job_id, scheduled => false, config => config || '{"buckets_per_batch": 0}')
         FROM timescaledb_information.jobs WHERE proc_name = 'policy_refresh_continuous_aggregate'`,
    );
  }

  /** Else they are ten times as wide as those of the readings. */
  async narrowRollupChunks(): Promise<void> {
    for (const step of STEPS) {
      await this.database.query(
        `SELECT set_chunk_time_interval('impedance_reading_${step}', INTERVAL '${CHUNK_DAYS} days')`,
      );
    }
  }

  async dropRollups(): Promise<void> {
    for (const step of [...STEPS].reverse()) {
      await this.database.query(`DROP MATERIALIZED VIEW impedance_reading_${step}`);
    }
  }

  /** What the background does from time to time. */
  async runPolicies(): Promise<void> {
    if (!this.keepsRollups) return;
    const { rows } = await this.database.query<{ job_id: number }>(
      `SELECT job_id FROM timescaledb_information.jobs
        WHERE proc_name = 'policy_refresh_continuous_aggregate' AND hypertable_name LIKE 'impedance%' ORDER BY job_id`,
    );
    for (const { job_id } of rows) await this.database.query(`CALL run_job(${job_id})`);
  }
}

describe.each<[name: string, test: (world: World) => Promise<void>]>([
  [
    'keeps all for ever where nothing is set',
    async (world) => {
      expect(await world.clear(KEEP_ALL)).toEqual([]);
      expect(await world.readings()).toBe(ALL);
    },
  ],
  [
    'deletes what is older, and rollups still tell of it where they are kept',
    async (world) => {
      const [cleared] = await world.clear({ readings: 20, rollups: null });
      expect(cleared?.relation).toBe('impedance_reading');
      expect(cleared?.deleted).toBeGreaterThan(0);
      expect(await world.readings(20)).toBe(20 * PER_DAY);
      expect(await world.readings()).toBeLessThanOrEqual((20 + CHUNK_DAYS) * PER_DAY);
      await world.runPolicies();
      await world.expectRolledUp(ALL);
      const again = await world.clear({ readings: 20, rollups: null });
      expect(again.reduce((sum, { deleted }) => sum + deleted, 0)).toBe(0);
    },
  ],
  [
    'lets rollups take in what came late before it goes, and lose nothing when more comes too late',
    async (world) => {
      await world.clear({ readings: 10, rollups: null }, inDays(-15));
      await world.put(readingAt(23.6));
      await world.clear({ readings: 10, rollups: null }, inDays(-2));
      expect(await world.readings(1_000, 20)).toBe(0);
      // Of their buckets no other reading is there any more.
      await world.put(readingAt(35.50001), readingAt(38.1));
      await world.runPolicies();
      await world.clear({ readings: 10, rollups: null });
      await world.runPolicies();
      expect(await world.readings(1_000, 30)).toBe(0);
      await world.expectRolledUp(ALL + 1);
    },
  ],
  ...[{ readings: 35, rollups: null }, KEEP_ALL].map((days): [string, (world: World) => Promise<void>] => [
    `keeps what rollups hold of what was deleted when it is to keep ${days.readings ?? 'all'} again`,
    async (world) => {
      await world.clear({ readings: 20, rollups: null }, inDays(-2));
      await world.clear(days, inDays(-1));
      await world.put(readingAt(35.50001), readingAt(19.6));
      await world.runPolicies();
      await world.clear(days);
      await world.runPolicies();
      await world.expectRolledUp(ALL + 1);
    },
  ]),
  [
    'leaves rollups of hours and days where those of minutes are deleted too',
    async (world) => {
      if (!world.keepsRollups) return;
      await world.narrowRollupChunks();
      await world.clear({ readings: 10, rollups: 20 });
      await world.runPolicies();
      const [minutes, quarters, hours, days] = await world.rolledUp();
      expect([hours, days]).toEqual([ALL, ALL]);
      expect(minutes).toBeLessThan(ALL);
      expect(quarters).toBeLessThan(ALL);
      expect((await world.rolledUp(20)).slice(0, 2)).toEqual([20 * PER_DAY, 20 * PER_DAY]);
    },
  ],
  [
    'drops chunks of hypertables that have no rollups, as in the Apache build',
    async (world) => {
      if (!world.hasChunks) return;
      if (world.keepsRollups) await world.dropRollups();
      const [cleared] = await world.clear({ readings: 20, rollups: null });
      expect(cleared?.deleted).toBeGreaterThan(0);
      expect(await world.readings(20)).toBe(20 * PER_DAY);
      expect(await world.readings()).toBeLessThanOrEqual((20 + CHUNK_DAYS) * PER_DAY);
    },
  ],
  [
    'deletes rows of a plain table in steps, and stops between them',
    async (world) => {
      if (world.hasChunks) return;
      await world.put(...Array.from({ length: 25_000 }, (_, index) => readingAt(100 + index / 10_000)));
      let steps = 0;
      const [cleared] = await world.clear({ readings: 90, rollups: null }, now, () => ++steps > 2);
      expect(cleared?.deleted).toBe(20_000);
      const [rest] = await world.clear({ readings: 90, rollups: null });
      expect(rest?.deleted).toBe(5_000);
      expect(await world.readings()).toBe(ALL);
    },
  ],
])('retention', (name, test) => {
  const { database } = withTestDatabase();
  let world: World;
  beforeEach(async () => (world = await World.create(database())));

  it(`${name}`, () => test(world));
});

/** What the view says of sensors that are well, silent, stuck, wrong about the time, or were never there. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { sensors } from '../../src/catalogue/sensors/sensors.ts';
import { sensorsCommand } from '../../src/cli/sensors.ts';
import { registerAssets } from '../../src/features/ingest/import-assets.ts';
import { SensorHealthGauge } from '../../src/features/monitoring/sensor-health-gauge.ts';
import { Metrics } from '../../src/platform/ops/metrics.ts';
import { Database } from '../../src/platform/storage/database.ts';
import { SensorHealthRepository } from '../../src/platform/storage/sensor-health-repository.ts';
import { eventually } from '../support/eventually.ts';
import { withTestDatabase } from '../support/test-database.ts';

const { database, url } = withTestDatabase();
const repository = () => new SensorHealthRepository(database());

beforeEach(async () => {
  await database().query('TRUNCATE impedance_reading, weather_reading, sensor CASCADE');
  const place = { lineId: 'L', towerId: 'T', latitudeDeg: null, longitudeDeg: null };
  await registerAssets(database(), [
    { ...place, sensorId: 'imp', kind: 'impedance' },
    { ...place, sensorId: 'sky', kind: 'weather' },
  ]);
});

interface Series {
  /** Age of each reading at its observation, in minutes. */
  readonly minutesAgo: readonly number[];
  /** By how much it was received later than observed. */
  readonly delaySeconds?: number;
  readonly load?: (index: number) => number | null;
}

async function report({
  minutesAgo,
  delaySeconds = 1,
  load = (index) => 100 + index,
}: Series): Promise<void> {
  await database().query(
    `INSERT INTO impedance_reading (sensor_id, observed_at, received_at, load_ampere, resistance_ohm)
     SELECT 'imp', now() - age * INTERVAL '1 minute', now() - age * INTERVAL '1 minute' + $2 * INTERVAL '1 second', load, age / 1000
       FROM unnest($1::float8[], $3::float8[]) AS t (age, load)`,
    [minutesAgo, delaySeconds, minutesAgo.map((_, index) => load(index))],
  );
}

const every = (minutes: number, from: number, to: number) =>
  Array.from({ length: Math.floor((to - from) / minutes) + 1 }, (_, index) => from + index * minutes);

async function healthOf(sensorId: string) {
  const rows = await repository().list(null);
  return rows.find((row) => row.sensor_id === sensorId)!;
}

describe('the health of a sensor', () => {
  it('is ok while it reports in its rhythm', async () => {
    await report({ minutesAgo: every(10, 5, 23 * 60) });
    expect(await healthOf('imp')).toMatchObject({
      line_id: 'L',
      tower_id: 'T',
      kind: 'impedance',
      state: 'ok',
      typical_interval_seconds: 600,
      silent_seconds: 0,
      gaps_last_day: 0,
      stuck_channels: [],
      clock_skew_seconds: 1,
    });
    const { last_observed_at, last_received_at } = await healthOf('imp');
    expect((Date.now() - last_observed_at!.getTime()) / 60_000).toBeCloseTo(5, 0);
    expect(last_received_at!.getTime() - last_observed_at!.getTime()).toBe(1_000);
  });

  it('is never_seen without a reading, and says nothing it can not know', async () => {
    expect(await healthOf('sky')).toMatchObject({
      state: 'never_seen',
      last_observed_at: null,
      silent_seconds: null,
      typical_interval_seconds: null,
      clock_skew_seconds: null,
    });
  });

  it.each([
    [10, 20, 'ok'],
    [10, 32, 'silent'],
    [1, 5, 'silent'],
    [120, 300, 'ok'],
  ])(
    'is judged by its own rhythm: every %i minutes, last seen %i minutes ago, is %s',
    async (rhythm, age, state) => {
      await report({ minutesAgo: every(rhythm, age, 22 * 60) });
      const { silent_seconds, ...rest } = await healthOf('imp');
      expect(rest.state).toBe(state);
      // Two decimals of a minute would be the test's own time.
      expect(silent_seconds! / 60).toBeCloseTo(age - rhythm, 0);
    },
  );

  it.each([
    ['received in its time', 1],
    ['imported from a file just now', 40 * 86_400],
  ])('is silent after a day without a reading, and still knows the last one, %s', async (_, delaySeconds) => {
    await report({ minutesAgo: every(10, 40 * 24 * 60, 41 * 24 * 60), delaySeconds });
    const health = await healthOf('imp');
    expect(health).toMatchObject({ state: 'silent', typical_interval_seconds: null, gaps_last_day: 0 });
    expect((Date.now() - health.last_observed_at!.getTime()) / 86_400_000).toBeCloseTo(40, 1);
    expect(health.silent_seconds! / 86_400).toBeCloseTo(40, 1);
  });

  it('is ok with a first reading, of which no rhythm is known', async () => {
    await report({ minutesAgo: [30] });
    expect(await healthOf('imp')).toMatchObject({ state: 'ok', typical_interval_seconds: null });
  });

  it('counts gaps of the last day, and lets jitter pass', async () => {
    const jittered = every(10, 5, 23 * 60).map((age, index) => age + (index % 2) * 2);
    await report({
      minutesAgo: jittered.filter((age) => !(age > 100 && age < 130) && !(age > 600 && age < 660)),
    });
    expect(await healthOf('imp')).toMatchObject({ state: 'ok', gaps_last_day: 2 });
  });

  it.each([
    ['the last 20 are equal', (index: number) => (index < 20 ? 7 : index), ['load_ampere']],
    ['only the last 19 are equal', (index: number) => (index < 19 ? 7 : index), []],
    ['equal ones have missing ones between them', (index: number) => (index % 3 ? 7 : null), ['load_ampere']],
    ['all are zero: nothing flows', () => 0, []],
    ['all are missing', () => null, []],
  ])('looks for stuck channels: %s', async (_, load, stuck) => {
    await report({ minutesAgo: every(10, 5, 20 * 60), load });
    expect(await healthOf('imp')).toMatchObject({
      stuck_channels: stuck,
      state: stuck.length ? 'stuck' : 'ok',
    });
  });

  it.each([
    [299, 'ok'],
    [3_600, 'skewed'],
    [-301, 'skewed'],
  ])('is skewed by a clock that is wrong: %i seconds behind is %s', async (delaySeconds, state) => {
    await report({ minutesAgo: every(10, 70, 23 * 60), delaySeconds: delaySeconds });
    await report({ minutesAgo: every(10, 5 + delaySeconds / 60, 69), delaySeconds });
    expect(await healthOf('imp')).toMatchObject({ state, clock_skew_seconds: delaySeconds });
  });

  it('is listed and counted by state', async () => {
    await report({ minutesAgo: every(10, 5, 600) });
    expect((await repository().list('never_seen')).map((row) => row.sensor_id)).toEqual(['sky']);
    expect(await repository().countByState()).toEqual({
      ok: 1,
      silent: 0,
      stuck: 0,
      skewed: 0,
      never_seen: 1,
    });
  });

  it('is counted where Prometheus reads it, by one who says when that is not possible', async () => {
    const metrics = new Metrics();
    const lines: unknown[] = [];
    const log = (...words: unknown[]) => lines.push(words.at(-1));
    const logger = { error: log, warn: log, info: () => {} };
    const gauge = new SensorHealthGauge(repository(), metrics, logger as never);
    gauge.start();
    await eventually(async () =>
      expect(await metrics.registry.metrics()).toMatch(/spanwatch_sensors\{state="never_seen"\} 2\b/),
    );
    await gauge.stop();
    expect(await metrics.registry.metrics()).toMatch(/spanwatch_sensors\{state="silent"\} 0\b/);
    const closed = new Database('postgres://127.0.0.1:1/none');
    const failing = new SensorHealthGauge(new SensorHealthRepository(closed), metrics, logger as never);
    failing.start();
    await failing.stop();
    await closed.close();
    expect(lines).toEqual(["sensors can't be counted by state"]);
    expect(await metrics.registry.metrics()).not.toMatch(/spanwatch_sensors\{/);
  });

  it('is printed by the command line, one line a sensor', async () => {
    vi.stubEnv('DATABASE_URL', url());
    await report({ minutesAgo: every(10, 60, 600) });
    const print = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    await sensorsCommand().parseAsync(['--state', 'silent', '--json'], { from: 'user' });
    await sensorsCommand().parseAsync([], { from: 'user' });
    const printed = print.mock.calls.map(([text]) => String(text));
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    expect(printed.length).toBe(3);
    expect(JSON.parse(printed[0]!)).toMatchObject({
      sensorId: 'imp',
      state: 'silent',
      typicalIntervalSeconds: 600,
    });
    expect(printed[1]).toMatch(/^silent +imp +L\/T impedance .*every 10 min, overdue for 50 min/);
    expect(printed[2]).toMatch(/^never_seen +sky .*no reading yet/);
  });

  it('is read from the tables of all kinds, channel by channel', async () => {
    for (const { kind, table, channels } of sensors) {
      const columns = channels.map(({ column }) => column);
      await database().query(
        `INSERT INTO ${table} (sensor_id, observed_at, ${columns.join(', ')})
         VALUES ('each-${kind}', now(), ${columns.map((_, index) => index + 1).join(', ')})`,
      );
      const { rows } = await database().query(
        'SELECT kind, channels, quantities FROM sensor_reading WHERE sensor_id = $1',
        [`each-${kind}`],
      );
      expect(rows).toEqual([{ kind, channels: columns, quantities: columns.map((_, index) => index + 1) }]);
    }
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SensorSeries } from '../../src/catalogue/models/impedance-anomaly/sensor-series.ts';
import { describeEvent } from '../../src/features/anomalies/describe-event.ts';
import { replayEvent } from '../../src/features/anomalies/replay-event.ts';
import { AnomalyScorer } from '../../src/catalogue/models/impedance-anomaly/anomaly-scorer.ts';
import { Scoring } from '../../src/features/anomalies/scoring.ts';
import { readModelFolder, writeModelFolder } from '../../src/platform/blobs/model-folder.ts';
import { Metrics } from '../../src/platform/ops/metrics.ts';
import { AnomalyEventRepository } from '../../src/platform/storage/anomaly-event-repository.ts';
import { AnomalyScoreRepository } from '../../src/platform/storage/anomaly-score-repository.ts';
import { impedance } from '../../src/catalogue/sensors/impedance/impedance.ts';
import { newestReading } from '../../src/platform/storage/reading-repository.ts';
import { ScoredReadingRepository } from '../../src/platform/storage/scored-reading-repository.ts';
import { PeerStandingRepository } from '../../src/platform/storage/peer-standing-repository.ts';
import { ModelVersionRepository } from '../../src/platform/storage/model-version-repository.ts';
import { partOf, trainSmallModel } from '../fixtures/small-anomaly-model.ts';
import { prepareWasm } from '../fixtures/prepare-wasm.ts';
import { simulateFleet, START } from '../fixtures/simulated-series.ts';
import { withTestDatabase } from '../support/test-database.ts';

const DAY = 86_400_000;
const TRAINED_UNTIL = START + 40 * DAY;
const JOINT = 's02';
const WAITING_FOR_NOTHING = { limit: 100, after: null };
const ALL = { line: null, tower: null, open: null };

/** Forty days of history, then eight live ones in which a joint of sensor 2 fails by 2 % a day. */
const fleet = simulateFleet({
  sensors: 6,
  days: 48,
  seed: 12,
  joints: [{ sensor: 2, onsetDay: 41, growthPerDay: 0.02 }],
  sharedDeviation: 0.01,
});
const live = fleet.map((series) => partOf(series, (time) => time >= TRAINED_UNTIL));

describe('live scoring', () => {
  const { database } = withTestDatabase();
  let folder = '';

  const newScoring = () =>
    new Scoring(
      database(),
      new AnomalyScoreRepository(database()),
      new AnomalyEventRepository(database()),
      new PeerStandingRepository(database()),
      new ModelVersionRepository(database()),
      new Metrics(),
      pino({ level: 'silent' }),
    );
  const scoreAll = async (makeScoring: () => Scoring) => {
    let total = 0;
    for (let scored = 1; scored > 0; total += scored) scored = await makeScoring().scoreBatch();
    return total;
  };
  const scores = async () =>
    (
      await database().query(
        'SELECT sensor_id, observed_at, score, anomalous FROM anomaly_score ORDER BY 1, 2',
      )
    ).rows;

  beforeAll(async () => {
    await prepareWasm();
    folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-scoring-'));
    const model = path.join(folder, 'model');
    const history = fleet.map((series) => partOf(series, (time) => time < TRAINED_UNTIL));
    await writeModelFolder(model, await trainSmallModel(history, new Date(TRAINED_UNTIL)));
    await database().query(`INSERT INTO line VALUES ('L01', 'One')`);
    for (const { sensorId } of live) {
      await database().query(`INSERT INTO tower VALUES ($1, 'L01')`, [sensorId]);
      await database().query(`INSERT INTO sensor VALUES ($1, 'L01', $1, 'impedance')`, [sensorId]);
    }
    await database().query(`INSERT INTO sensor VALUES ('weather', 'L01', 's00', 'weather')`);
    await storeWeather(live[0]!);
    for (const series of live) await storeReadings(series);
    const versions = new ModelVersionRepository(database());
    const { manifest } = await readModelFolder(model);
    await versions.register(manifest, model);
    await versions.promote(manifest.model, manifest.version);
  }, 120_000);
  afterAll(async () => rm(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    await database().query('TRUNCATE anomaly_score, anomaly_event, scorer_state, peer_standing');
  });

  const storeReadings = async (series: SensorSeries) => {
    await database().query(
      `INSERT INTO impedance_reading (sensor_id, observed_at, resistance_ohm, leakage_milliampere, load_ampere)
       SELECT $1, to_timestamp(t / 1000.0), r, l, a FROM unnest($2::float8[], $3::float8[], $4::float8[], $5::float8[]) AS x (t, r, l, a)`,
      [
        series.sensorId,
        [...series.observedAt],
        ...series.channels.map((c) => [...c]),
        [...series.context[2]!],
      ],
    );
  };
  const storeWeather = async (series: SensorSeries) => {
    await database().query(
      `INSERT INTO weather_reading (sensor_id, observed_at, air_celsius, humidity_percent)
       SELECT 'weather', to_timestamp(t / 1000.0), a, h FROM unnest($1::float8[], $2::float8[], $3::float8[]) AS x (t, a, h)`,
      [[...series.observedAt], [...series.context[0]!], [...series.context[1]!]],
    );
  };

  it('scores every reading once and opens an event for the failing joint only', async () => {
    const scoring = newScoring();
    expect(await scoreAll(() => scoring)).toBe(
      live.reduce((sum, series) => sum + series.observedAt.length, 0),
    );
    const events = await new AnomalyEventRepository(database()).list(WAITING_FOR_NOTHING, ALL);
    expect(events.map((event) => event.sensor_id)).toEqual([JOINT]);
    expect(events[0]?.reasons['sentence']).toMatch(
      /^resistance_ohm stays .* above what weather and load explain/,
    );
    expect(await scoring.scoreBatch()).toBe(0);
    const scored = new AnomalyScoreRepository(database());
    expect(await scored.countUnscored()).toBe(0);
    const stored = await scored.scoresOf(JOINT, 'test');
    expect(stored).toHaveLength(live[2]!.observedAt.length);
    expect(stored.at(-1)?.channels[0]?.channel).toBe('resistance_ohm');
  });

  it('knows how many readings wait', async () => {
    const readings = live.reduce((sum, series) => sum + series.observedAt.length, 0);
    const scored = await newScoring().scoreBatch();
    expect(await new AnomalyScoreRepository(database()).countUnscored()).toBe(readings - scored);
    expect(await newestReading(database(), impedance)).toEqual(new Date(live[0]!.observedAt.at(-1)!));
  });

  it('gives the same scores when the scorer is killed between any two batches', async () => {
    const scoring = newScoring();
    await scoreAll(() => scoring);
    const uninterrupted = await scores();
    await database().query('TRUNCATE anomaly_score, anomaly_event, scorer_state, peer_standing');
    await scoreAll(newScoring);
    expect(await scores()).toEqual(uninterrupted);
  });

  it('compares sensors with each other as scoring a file does', async () => {
    await scoreAll(newScoring);
    const artifact = await readModelFolder(path.join(folder, 'model'));
    const offline = new AnomalyScorer(artifact);
    const expected: unknown[] = [];
    const order = live
      .flatMap((series) => [...series.observedAt.keys()].map((at) => ({ series, at })))
      .sort((one, other) => one.series.observedAt[one.at]! - other.series.observedAt[other.at]!);
    for (const { series, at } of order) {
      const values = Object.fromEntries([
        ...offline.channels.map((name, i) => [name, series.channels[i]![at]!]),
        ...offline.context.map((name, i) => [name, series.context[i]![at]!]),
      ]) as Record<string, number>;
      const { score } = offline.score(series.sensorId, new Date(series.observedAt[at]!), values);
      expected.push({ sensor_id: series.sensorId, score });
    }
    const fromDatabase = (await scores()).map(({ sensor_id, score }) => ({
      sensor_id: String(sensor_id),
      score: Number(score),
    }));
    const bySensor = (rows: { sensor_id: string; score: number }[], id: string) =>
      rows.filter((row) => row.sensor_id === id).map(({ score }) => score);
    for (const { sensorId } of live) {
      expect(bySensor(fromDatabase, sensorId)).toEqual(bySensor(expected as typeof fromDatabase, sensorId));
    }
    const { rows } = await database().query(
      'SELECT max(peers) AS most, count(*)::int AS slots FROM peer_standing',
    );
    expect(rows[0]).toEqual({ most: 5, slots: expect.any(Number) as number });
  });

  it('writes scores and position together or not at all', async () => {
    const scoring = newScoring();
    await database().query('ALTER TABLE scorer_state ADD CONSTRAINT refuse CHECK (false) NOT VALID');
    await expect(scoring.scoreBatch()).rejects.toThrow('refuse');
    expect(await scores()).toEqual([]);
    await database().query('ALTER TABLE scorer_state DROP CONSTRAINT refuse');
    await scoreAll(() => scoring);
    const uninterrupted = await scores();
    await database().query('TRUNCATE anomaly_score, anomaly_event, scorer_state, peer_standing');
    await scoreAll(newScoring);
    expect(await scores()).toEqual(uninterrupted);
  });

  it('waits for the weather of the line, but not for ever', async () => {
    const late = new Date(TRAINED_UNTIL + 20 * DAY);
    const store = (receivedAt: string) =>
      database().query(
        `INSERT INTO impedance_reading (sensor_id, observed_at, received_at, resistance_ohm) VALUES ($1, $2, ${receivedAt}, 0.02)
         ON CONFLICT (sensor_id, observed_at) DO UPDATE SET received_at = EXCLUDED.received_at`,
        ['s00', late],
      );
    const scoring = newScoring();
    await scoreAll(() => scoring);
    await store('now()');
    expect(await scoring.scoreBatch()).toBe(0);
    await store(`now() - INTERVAL '1 minute'`);
    expect(await scoring.scoreBatch()).toBe(1);
    await database().query('DELETE FROM impedance_reading WHERE observed_at = $1', [late]);
  });

  it('keeps a reading that comes after a newer one was scored, without a score, and goes on as if it were not there', async () => {
    const scoring = newScoring();
    await scoreAll(() => scoring);
    const before = await scores();
    const late = new Date(live[0]!.observedAt[10]! + 60_000);
    await database().query(
      `INSERT INTO impedance_reading (sensor_id, observed_at, received_at, resistance_ohm) VALUES ('s00', $1, now() - INTERVAL '1 hour', 0.5)`,
      [late],
    );
    expect(await scoring.scoreBatch()).toBe(0);
    expect(await newScoring().scoreBatch()).toBe(0);
    expect(await scores()).toEqual(before);
    await database().query('DELETE FROM impedance_reading WHERE observed_at = $1', [late]);
  });

  it('lets one scorer work at a time', async () => {
    const idle = newScoring();
    await database().transaction(async (client) => {
      await client.query('SELECT pg_advisory_xact_lock(7262002)');
      expect(await idle.scoreBatch()).toBe(0);
    });
    expect(await idle.scoreBatch()).toBeGreaterThan(0);
  });

  it('decides the same when an event is run again from what is stored, and says so when a reading was changed', async () => {
    await scoreAll(() => newScoring());
    const [event] = await new AnomalyEventRepository(database()).list(WAITING_FOR_NOTHING, ALL);
    const run = async (clearedBefore: Date | null) =>
      replayEvent(event!, await readModelFolder(path.join(folder, 'model')), {
        clearedBefore,
        batches: new ScoredReadingRepository(database()).upTo(JOINT, event!.model_version, event!.opened_at),
        standings: await new PeerStandingRepository(database()).ofSensor(JOINT, event!.model_version),
      });
    const replay = async () => {
      // What is gone from before training ended was not scored.
      const replayed = await run(new Date(live[0]!.observedAt[0]! - 3_600_000));
      if (typeof replayed === 'string') throw new Error(replayed);
      return replayed;
    };
    const tooLate = await run(event!.opened_at);
    expect(tooLate).toMatch(/^it rests on readings from 20.* not kept any more$/);
    expect(describeEvent(event!, tooLate as string).at(-1)).toMatch(
      /^The decision can not be run again: it rests on/,
    );
    const same = await replay();
    expect(same).toMatchObject({ opensAgain: true, differences: 0, largestDifference: 0 });
    expect(same.readings).toBeGreaterThan(48);
    expect(describeEvent(event!, same).join('\n')).toMatch(
      /resistance_ohm stays [^]*resistance_ohm: 0\.0[^]*air_celsius[^]*every score and the decision are the same/,
    );
    await database().query(
      'UPDATE impedance_reading SET resistance_ohm = resistance_ohm / 1.2 WHERE sensor_id = $1',
      [JOINT],
    );
    const other = await replay();
    await database().query(
      'UPDATE impedance_reading SET resistance_ohm = resistance_ohm * 1.2 WHERE sensor_id = $1',
      [JOINT],
    );
    expect(other.opensAgain).toBe(false);
    expect(other.differences).toBeGreaterThan(0);
    expect(describeEvent(event!, other).at(-1)).toMatch(/would not be raised/);
  });
});

/**
 * What live scoring of a fleet takes: readings of every sensor minute after minute, scored from and into the database as
 * the worker does. Prints the share of one core that a minute's readings need, of this process and in wall time.
 *
 * Uses the server that DATABASE_URL names (a database of its own there), else the embedded one.
 *
 * @example npm run bench:scoring -- --sensors 10000 --minutes 5
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pino from 'pino';
import { createRandom } from '../../src/core/statistics/random.ts';
import { gridOfSensors } from '../../src/features/simulation/grid.ts';
import { writeSimulation } from '../../src/features/simulation/write-simulation.ts';
import { Scoring } from '../../src/features/anomalies/scoring.ts';
import { trainAnomalyModel } from '../../src/features/training/train-anomaly.ts';
import { CHANNELS, CONTEXT } from '../../src/features/training/train-anomaly-job.ts';
import { prepareCompute } from '../../src/platform/compute/choose-backend.ts';
import { Metrics } from '../../src/platform/ops/metrics.ts';
import { AnomalyEventRepository } from '../../src/platform/storage/anomaly-event-repository.ts';
import { AnomalyScoreRepository } from '../../src/platform/storage/anomaly-score-repository.ts';
import type { Database } from '../../src/platform/storage/database.ts';
import { PeerStandingRepository } from '../../src/platform/storage/peer-standing-repository.ts';
import { ModelVersionRepository } from '../../src/platform/storage/model-version-repository.ts';
import { startStand } from './ingest-stand.ts';

const { values } = parseArgs({
  options: { sensors: { type: 'string', default: '10000' }, minutes: { type: 'string', default: '5' } },
});
const [sensors, minutes] = [Number(values.sensors), Number(values.minutes)];
const SENSORS_A_LINE = 100;
const LIMIT = 0.25;
const BEGIN = Date.UTC(2026, 0, 1);
const MINUTE_MS = 60_000;

const folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-bench-'));
const stand = await startStand();
try {
  await trainModel(stand.database);
  await registerFleet(stand.database);
  const scoring = new Scoring(
    stand.database,
    new AnomalyScoreRepository(stand.database),
    new AnomalyEventRepository(stand.database),
    new PeerStandingRepository(stand.database),
    new ModelVersionRepository(stand.database),
    new Metrics(),
    pino({ level: 'silent' }),
  );
  // The first minute warms up: every sensor is met for the first time.
  await sendMinute(stand.database, 0);
  await scoreAll(scoring);
  const cpu = process.cpuUsage();
  let [seconds, scored] = [0, 0];
  for (let minute = 1; minute <= minutes; minute++) {
    await sendMinute(stand.database, minute);
    const begun = performance.now();
    scored += await scoreAll(scoring);
    seconds += (performance.now() - begun) / 1000;
  }
  const used = process.cpuUsage(cpu);
  const share = (spent: number) => Math.round((1_000 * spent) / (60 * minutes)) / 1_000;
  process.stdout.write(
    `${JSON.stringify({
      database: stand.server,
      sensors,
      minutes,
      scored,
      processShareOfCore: share((used.user + used.system) / 1e6),
      wallShareOfMinute: share(seconds),
      limit: LIMIT,
    })}\n`,
  );
} finally {
  await stand.stop();
  await rm(folder, { recursive: true, force: true });
}

async function trainModel(database: Database): Promise<void> {
  const grid = path.join(folder, 'grid');
  const model = path.join(folder, 'model');
  await writeSimulation(gridOfSensors({ sensors: 12, days: 30, seed: 1 }), { outDir: grid, force: true });
  await prepareCompute('wasm');
  const manifest = await trainAnomalyModel(
    {
      telemetryCsv: path.join(grid, 'telemetry.csv'),
      channels: CHANNELS,
      context: CONTEXT,
      out: model,
      seed: 1,
      falseAlarmsPerSensorYear: 0.5,
    },
    () => {},
  );
  const versions = new ModelVersionRepository(database);
  await versions.register(manifest, model);
  await versions.promote(manifest.model, manifest.version);
}

async function registerFleet(database: Database): Promise<void> {
  const lines = Math.ceil(sensors / SENSORS_A_LINE);
  await database.query(`TRUNCATE line CASCADE`);
  await database.query(`INSERT INTO line SELECT 'L' || l, 'L' || l FROM generate_series(1, $1::int) l`, [
    lines,
  ]);
  await database.query(
    `INSERT INTO tower (tower_id, line_id)
     SELECT 'T' || s, 'L' || (1 + s % $2) FROM generate_series(1, $1::int) s`,
    [sensors, lines],
  );
  await database.query(
    `INSERT INTO sensor (sensor_id, line_id, tower_id, kind)
     SELECT 'S' || s, 'L' || (1 + s % $2), 'T' || s, 'impedance' FROM generate_series(1, $1::int) s
     UNION ALL SELECT 'W' || l, 'L' || l, 'T' || (l - 1 + CASE WHEN l = 1 THEN $2 ELSE 0 END), 'weather' FROM generate_series(1, $2::int) l`,
    [sensors, lines],
  );
}

async function sendMinute(database: Database, minute: number): Promise<void> {
  const at = new Date(BEGIN + minute * MINUTE_MS);
  const random = createRandom(minute);
  await database.query(
    `INSERT INTO weather_reading (sensor_id, observed_at, air_celsius, humidity_percent, rain_millimetre_per_hour, wind_metre_per_second, solar_watt_per_square_metre)
     SELECT sensor_id, $1, $2, $3, 0, $4, 0 FROM sensor WHERE kind = 'weather'`,
    [at, 10 + random.normal(), 60 + random.normal(), 3 + random.uniform()],
  );
  await database.query(
    `INSERT INTO impedance_reading (sensor_id, observed_at, resistance_ohm, reactance_ohm, leakage_milliampere, load_ampere)
     SELECT sensor_id, $1, 0.0218 * (1 + 0.01 * random()), 0.145, 0.14 * (1 + 0.05 * random()), 400 FROM sensor WHERE kind = 'impedance'`,
    [at],
  );
}

async function scoreAll(scoring: Scoring): Promise<number> {
  let total = 0;
  for (let batch = await scoring.scoreBatch(); batch > 0; batch = await scoring.scoreBatch()) total += batch;
  return total;
}

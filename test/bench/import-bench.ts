/**
 * From a CSV file to committed rows, against binary COPY of the same rows by one connection; in turn, round by round.
 *
 * Uses the server that DATABASE_URL names (a database of its own there), else the embedded one.
 *
 * @example npm run bench:import -- --rows 1000000 --rounds 3
 */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { importTelemetry } from '../../src/features/ingest/import-telemetry.ts';
import { quantile } from '../../src/core/statistics/quantile.ts';
import { copyRows, readingAt, startStand } from './ingest-stand.ts';

const median = (numbers: readonly number[]): number => quantile(numbers, 0.5);
const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '3' } },
});
const [rows, rounds] = [Number(values.rows), Number(values.rounds)];
const LIMIT = 0.6;
const ROWS_A_SENSOR_IN_TURN = 100;

const folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-bench-'));
const file = path.join(folder, 'telemetry.csv');
const stand = await startStand();
try {
  await pipeline(Readable.from(lines()), createWriteStream(file));
  const copied: number[] = [];
  const imported: number[] = [];
  // The first round warms up.
  for (let round = 0; round <= rounds; round++) {
    const copySeconds = await copyRows(stand.database, rows, ROWS_A_SENSOR_IN_TURN);
    await stand.database.query('TRUNCATE impedance_reading');
    const begun = performance.now();
    const { stored } = await importTelemetry(stand.database, file);
    const seconds = (performance.now() - begun) / 1000;
    if (stored !== rows) throw new Error(`Stored ${stored} rows instead of ${rows}.`);
    await stand.database.query('TRUNCATE impedance_reading');
    if (round === 0) continue;
    copied.push(copySeconds);
    imported.push(seconds);
  }
  const ratios = copied.map((seconds, round) => seconds / imported[round]!);
  const round3 = (value: number): number => Math.round(1_000 * value) / 1_000;
  process.stdout.write(
    `${JSON.stringify({
      database: stand.server,
      rows,
      copyRowsPerSecond: Math.round(rows / median(copied)),
      importRowsPerSecond: Math.round(rows / median(imported)),
      ratio: round3(median(ratios)),
      ratios: ratios.map(round3),
      limit: LIMIT,
    })}\n`,
  );
} finally {
  await stand.stop();
  await rm(folder, { recursive: true, force: true });
}

function* lines(): Generator<string> {
  yield 'observed_at,sensor_id,resistance_ohm,reactance_ohm,leakage_milliampere,load_ampere\n';
  for (let row = 0; row < rows; row++) {
    const { observedAt, sensorId, values: v } = readingAt(row, ROWS_A_SENSOR_IN_TURN);
    yield `${observedAt.toISOString()},${sensorId},${v.resistanceOhm},${v.reactanceOhm},${v.leakageMilliampere},${v.loadAmpere}\n`;
  }
}

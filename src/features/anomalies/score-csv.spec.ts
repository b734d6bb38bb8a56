import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs';
import { CHANNELS, CONTEXT, simulateFleet, START } from '../../../test/fixtures/simulated-series.ts';
import { MODEL_NAME, toParameters, toWeights } from '../../catalogue/models/impedance-anomaly/artifact.ts';
import { fitImpedanceAnomaly } from '../../catalogue/models/impedance-anomaly/fit-impedance-anomaly.ts';
import { packWeights } from '../../core/domain/model-weights.ts';
import { ignoreProgress } from '../../core/domain/progress.ts';
import { sha256Hex, writeModelFolder } from '../../platform/blobs/model-folder.ts';
import { scoreCsv } from './score-csv.ts';

const DAY = 86_400_000;
const TRAINED_DAYS = 30;
const fleet = simulateFleet({
  sensors: 4,
  days: 42,
  seed: 31,
  intervalMinutes: 60,
  joints: [{ sensor: 1, onsetDay: 34, growthPerDay: 0.015 }],
  sharedDeviation: 0.01,
});
const header = `observed_at,sensor_id,${[...CHANNELS, ...CONTEXT].join(',')}`;

let folder: string;
let model: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'score-csv-'));
  model = join(folder, 'model');
  await tf.setBackend('cpu');
  const until = TRAINED_DAYS * 24;
  const series = fleet.map((own) => ({
    sensorId: own.sensorId,
    observedAt: own.observedAt.subarray(0, until),
    channels: own.channels.map((column) => column.subarray(0, until)),
    context: own.context.map((column) => column.subarray(0, until)),
  }));
  const settings = {
    channels: CHANNELS,
    context: CONTEXT,
    looks: [],
    seed: 1,
    falseAlarmsPerSensorYear: 0.5,
  };
  const fit = await fitImpedanceAnomaly({ series, ...settings }, () => {});
  const { entries, bytes } = packWeights(toWeights(fit));
  await writeModelFolder(model, {
    weights: bytes,
    manifest: {
      formatVersion: 1,
      model: MODEL_NAME,
      version: 'test',
      createdAt: new Date(START).toISOString(),
      record: {},
      metrics: {},
      parameters: toParameters(fit),
      weights: entries,
      weightsSha256: sha256Hex(bytes),
    },
  });
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

/** Rows of all sensors in time order, as a broker would deliver them. */
async function telemetry(name: string, fromDay: number, toDay: number): Promise<string> {
  const lines: string[] = [header];
  for (let i = fromDay * 24; i < toDay * 24; i++) {
    for (const { sensorId, observedAt, channels, context } of fleet) {
      const cells = [...channels, ...context].map((column) => column[i]!.toPrecision(7));
      lines.push([new Date(observedAt[i]!).toISOString(), sensorId, ...cells].join(','));
    }
  }
  const file = join(folder, name);
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
}

async function score(telemetryCsv: string, name = 'scores.csv') {
  const out = join(folder, name);
  const summary = await scoreCsv({ model, telemetryCsv, out }, ignoreProgress);
  const rows = (await readFile(out, 'utf8')).trimEnd().split('\n');
  return { summary, head: rows[0]!, rows: rows.slice(1).map((row) => row.split(',')) };
}

describe('scoreCsv', () => {
  it('writes one row a reading, in order, with one event on the joint that fails', async () => {
    const { summary, head, rows } = await score(await telemetry('live.csv', TRAINED_DAYS, 42));
    expect(head).toBe('observed_at,sensor_id,score,anomalous,event_id');
    expect(rows.length).toBe(4 * 12 * 24);
    expect(summary).toMatchObject({ readings: rows.length, sensors: 4, events: 1, startedAfresh: 0 });
    const anomalous = rows.filter((row) => row[3] === '1');
    expect(new Set(anomalous.map((row) => row[1]))).toEqual(new Set(['s01']));
    expect(new Set(anomalous.map((row) => row[4])).size).toBe(1);
    expect(Date.parse(anomalous[0]![0]!)).toBeGreaterThan(START + 34 * DAY);
    expect(rows.every((row) => (row[3] === '1') === (row[4] !== ''))).toBe(true);
  });

  it('gives the same scores whatever follows in the file', async () => {
    const short = await score(await telemetry('short.csv', TRAINED_DAYS, 36), 'short-scores.csv');
    const long = await score(await telemetry('long.csv', TRAINED_DAYS, 42), 'long-scores.csv');
    expect(long.rows.slice(0, short.rows.length)).toEqual(short.rows);
  });

  it('gives the same scores when the file has one sensor after the other', async () => {
    const byTime = await score(await telemetry('by-time.csv', TRAINED_DAYS, 42), 'by-time-scores.csv');
    const [head, ...lines] = (await readFile(join(folder, 'by-time.csv'), 'utf8')).trimEnd().split('\n');
    const bySensor = lines.toSorted((one, other) => one.split(',')[1]!.localeCompare(other.split(',')[1]!));
    const file = join(folder, 'by-sensor.csv');
    await writeFile(file, `${[head, ...bySensor].join('\n')}\n`);
    const other = await score(file, 'by-sensor-scores.csv');
    expect(other.rows.toSorted()).toEqual(byTime.rows.toSorted());
  });

  it('compares a sensor with others of its site, and only with those', async () => {
    const live = await telemetry('sites-live.csv', TRAINED_DAYS, 42);
    const together = await score(live, 'together.csv');
    const sites = join(folder, 'sites.csv');
    await writeFile(
      sites,
      `sensor_id,site\n${fleet.map(({ sensorId }) => `${sensorId},${sensorId}`).join('\n')}\n`,
    );
    const out = join(folder, 'apart.csv');
    await scoreCsv({ model, telemetryCsv: live, out, sitesCsv: sites }, ignoreProgress);
    const alone = (await readFile(out, 'utf8'))
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((row) => row.split(',')[2]);
    expect(alone).not.toEqual(together.rows.map((row) => row[2]));
  });

  it('starts afresh where the file begins before training ended', async () => {
    const { summary, rows } = await score(await telemetry('early.csv', 10, 42));
    expect(summary.startedAfresh).toBe(4);
    expect(rows.slice(0, 4).map((row) => row[2])).toEqual(Array(4).fill('0.000000'));
    expect(rows.filter((row) => row[1] === 's01').at(-1)![3]).toBe('1');
  });

  it('leaves no file behind where the telemetry lacks a column', async () => {
    const wrong = join(folder, 'wrong.csv');
    await writeFile(wrong, 'observed_at,sensor_id,voltage\n2026-03-01T00:00:00Z,s00,1\n');
    const out = join(folder, 'not-there.csv');
    await expect(scoreCsv({ model, telemetryCsv: wrong, out }, ignoreProgress)).rejects.toThrow(
      /has no column/,
    );
    await expect(readFile(out)).rejects.toThrow(/ENOENT/);
  });
});

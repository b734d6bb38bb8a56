import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHANNELS, CONTEXT, simulateFleet, START } from '../../../test/fixtures/simulated-series.ts';
import { ignoreProgress } from '../../core/domain/progress.ts';
import { readModelFolder } from '../../platform/blobs/model-folder.ts';
import { prepareCompute } from '../../platform/compute/choose-backend.ts';
import { trainAnomalyModel, type TrainAnomalyOptions } from './train-anomaly.ts';

const DAY = 86_400_000;
const HEADER = `observed_at,sensor_id,${[...CHANNELS, ...CONTEXT].join(',')}`;

let folder: string;
let telemetryCsv: string;
let inspectionsCsv: string;

beforeAll(async () => {
  await prepareCompute('wasm');
  folder = await mkdtemp(join(tmpdir(), 'train-anomaly-'));
  telemetryCsv = join(folder, 'telemetry.csv');
  inspectionsCsv = join(folder, 'inspections.csv');
  const joints = [0, 1, 2].map((sensor) => ({ sensor, onsetDay: 15 + 3 * sensor, growthPerDay: 0.02 }));
  const fleet = simulateFleet({ sensors: 9, days: 35, seed: 21, intervalMinutes: 60, joints });
  const lines = fleet.flatMap(({ sensorId, observedAt, channels, context }) =>
    Array.from(observedAt, (time, i) => {
      const cells = [...channels, ...context].map((column) => column[i]!.toPrecision(7));
      return [new Date(time).toISOString(), sensorId, ...cells].join(',');
    }),
  );
  await writeFile(telemetryCsv, `${HEADER}\n${lines.join('\n')}\n`);
  const looks = [10, 30].flatMap((day) =>
    fleet.map(({ sensorId }, at) => {
      const defect = day === 30 && at < 3;
      const time = new Date(START + day * DAY).toISOString();
      return `${time},${sensorId},${defect ? 'defect,0.95,failing_joint' : 'clean,0.05,'}`;
    }),
  );
  await writeFile(inspectionsCsv, `inspected_at,sensor_id,finding,probability,kind\n${looks.join('\n')}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

const options = (more: Partial<TrainAnomalyOptions> = {}): TrainAnomalyOptions => ({
  telemetryCsv,
  channels: CHANNELS,
  context: CONTEXT,
  out: join(folder, 'model'),
  seed: 1,
  falseAlarmsPerSensorYear: 0.5,
  ...more,
});

const train = (more: Partial<TrainAnomalyOptions> = {}) => trainAnomalyModel(options(more), ignoreProgress);

async function telemetry(...rows: string[]): Promise<string> {
  const file = join(folder, 'wrong.csv');
  await writeFile(file, `${HEADER}\n${rows.join('\n')}\n`);
  return file;
}

describe('trainAnomalyModel', () => {
  it('writes a model with its record and with metrics on towers and time not seen, the same for the same seed', async () => {
    const one = await train({ inspectionsCsv });
    const two = await train({ inspectionsCsv, out: join(folder, 'again') });
    expect(two.weightsSha256).toBe(one.weightsSha256);
    const { manifest } = await readModelFolder(join(folder, 'model'));
    expect(manifest.record).toMatchObject({
      seed: 1,
      data: { sensors: 9, looks: 18, readings: 9 * 35 * 24 },
    });
    expect(manifest.parameters).toMatchObject({ kinds: ['failing_joint'] });
    expect(manifest.metrics).toMatchObject({ towersAndTimeNotSeen: { looks: 9, defects: 3 } });
    const { towersAndTimeNotSeen } = manifest.metrics as {
      towersAndTimeNotSeen: { averagePrecision: number };
    };
    expect(towersAndTimeNotSeen.averagePrecision).toBe(1);
  }, 90_000);

  it('uses nothing after the cut-off', async () => {
    const cutoff = new Date(START + 20 * DAY);
    const cut = await train({ inspectionsCsv, cutoff });
    const text = await readFile(telemetryCsv, 'utf8');
    const kept = text
      .split('\n')
      .filter((line) => line === HEADER || line.slice(0, 24) <= cutoff.toISOString());
    const file = join(folder, 'kept.csv');
    await writeFile(file, `${kept.join('\n')}\n`);
    const same = await train({ telemetryCsv: file, inspectionsCsv, cutoff, out: join(folder, 'kept') });
    expect(same.weightsSha256).toBe(cut.weightsSha256);
  }, 90_000);

  it.each([
    [
      'a number that is none',
      ['2026-01-01T00:00:00Z,a,abc,1,1,1,1'],
      /line 2, column resistance_ohm: 'abc' is not/,
    ],
    [
      'a time in another notation',
      ['01/02/2026 10:00,a,1,1,1,1,1'],
      /line 2, column observed_at: .* ISO 8601/,
    ],
    [
      'times that fall',
      ['2026-01-02T00:00:00Z,a,1,1,1,1,1', '2026-01-01T00:00:00Z,a,1,1,1,1,1'],
      /line 3, column observed_at: .* comes before the reading above it of sensor a/,
    ],
    [
      'a reading that is there twice',
      ['2026-01-02T00:00:00Z,a,1,1,1,1,1', '2026-01-02T00:00:00Z,a,1,1,1,1,1'],
      /line 3, column observed_at: .* repeats a reading of sensor a/,
    ],
    ['too little history', ['2026-01-02T00:00:00Z,a,1,1,1,1,1'], /at least 50 readings/],
    ['a row that is too short', ['2026-01-02T00:00:00Z,a'], /not proper CSV/],
  ])('refuses %s, and says where', async (_, rows, message) => {
    await expect(train({ telemetryCsv: await telemetry(...rows) })).rejects.toMatchObject({
      kind: 'BadInput',
      message: expect.stringMatching(message) as string,
    });
  });

  it('refuses a column that is not there, a file that is not there, and a sensor that telemetry does not know', async () => {
    await expect(train({ channels: ['voltage'] })).rejects.toThrow(/has no column voltage; its columns are/);
    await expect(train({ telemetryCsv: join(folder, 'none.csv') })).rejects.toThrow(/no such file/);
    const unknown = join(folder, 'unknown.csv');
    await writeFile(unknown, 'inspected_at,sensor_id,finding\n2026-01-05T00:00:00Z,nobody,clean\n');
    await expect(train({ inspectionsCsv: unknown })).rejects.toThrow(/line 2, column sensor_id: .*'nobody'/);
  });
});

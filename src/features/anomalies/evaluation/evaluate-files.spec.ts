import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs';
import { CHANNELS, CONTEXT, simulateFleet } from '../../../../test/fixtures/simulated-series.ts';
import { partOf, trainSmallModel } from '../../../../test/fixtures/small-anomaly-model.ts';
import { ignoreProgress } from '../../../core/domain/progress.ts';
import { writeModelFolder } from '../../../platform/blobs/model-folder.ts';
import { scoreCsv } from '../score-csv.ts';
import { evaluateFiles, type EvaluationFiles } from './evaluate-files.ts';
import { EVALUATION_DEFAULTS } from './evaluate-scores.ts';

const HOUR_MS = 3_600_000;
const START = Date.parse('2026-03-01T00:00:00Z');
const HOURS = 60 * 24;
const SENSORS = ['a', 'b', 'c'];

let folder: string;
const file = async (name: string, lines: readonly string[]): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
};
const isOpen = (sensor: string, hour: number): boolean => sensor === 'a' && hour >= 32 * 24;
const time = (hour: number): string => new Date(START + hour * HOUR_MS).toISOString();

let files: EvaluationFiles;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evaluate-files-'));
  const hours = [...Array(HOURS).keys()];
  const rows = (row: (sensor: string, hour: number) => string) =>
    hours.flatMap((hour) => SENSORS.map((sensor) => row(sensor, hour)));
  files = {
    scoresCsv: await file('scores.csv', [
      'observed_at,sensor_id,score,anomalous,event_id',
      ...rows((sensor, hour) => {
        const open = isOpen(sensor, hour);
        // The first day is warm-up.
        const score = hour < 24 ? 0 : open ? 0.8 : 0.05;
        return `${time(hour)},${sensor},${score},${open ? 1 : 0},${open ? 'a@1' : ''}`;
      }),
    ]),
    telemetryCsv: await file('telemetry.csv', [
      'observed_at,sensor_id,ohm,rain_mm,air',
      ...rows((sensor, hour) => `${time(hour)},${sensor},1,${hour % 50 === 0 ? 1 : 0},${hour % 24}`),
    ]),
    truthCsv: await file('truth.csv', [
      'sensor_id,kind,onset_at,ratio_2_at,peak_joint_ratio,shorted_discs,strand_count,repaired_at',
      `a,failing_joint,${time(28 * 24)},${time(30 * 24)},3.5,,,`,
      `b,broken_insulator,${time(40 * 24)},,,2,,${time(44 * 24)}`,
      `c,failing_joint,${time(40 * 24)},,1.4,,,`,
    ]),
    context: ['rain_mm', 'air'],
  };
});
afterAll(() => rm(folder, { recursive: true }));

const evaluate = (changed: Partial<EvaluationFiles> = {}) =>
  evaluateFiles({ ...files, ...changed }, { ...EVALUATION_DEFAULTS, draws: 50 }, ignoreProgress);

describe('evaluateFiles with a model', () => {
  it('gives what it gives for the scores that this model writes', async () => {
    await tf.setBackend('cpu');
    const fleet = simulateFleet({
      sensors: 3,
      days: 40,
      seed: 12,
      intervalMinutes: 60,
      joints: [{ sensor: 1, onsetDay: 25, growthPerDay: 0.02 }],
    });
    const model = join(folder, 'model');
    const cut = fleet[0]!.observedAt[20 * 24]!;
    const early = fleet.map((series) => partOf(series, (time) => time < cut));
    await writeModelFolder(model, await trainSmallModel(early, new Date(cut)));
    const columns = [...CHANNELS, ...CONTEXT];
    const telemetryCsv = await file('fleet.csv', [
      `observed_at,sensor_id,${columns.join(',')}`,
      ...fleet.flatMap(({ sensorId, observedAt, channels, context }) =>
        Array.from(observedAt.entries(), ([at, time]) =>
          [
            new Date(time).toISOString(),
            sensorId,
            ...[...channels, ...context].map((column) => column[at]),
          ].join(','),
        ),
      ),
    ]);
    const severeAt = new Date(fleet[1]!.observedAt[25 * 24]!).toISOString();
    const truthCsv = await file('fleet-truth.csv', [
      'sensor_id,kind,onset_at',
      `s01,failing_joint,${severeAt}`,
    ]);
    const scoresCsv = join(folder, 'fleet-scores.csv');
    await scoreCsv({ model, telemetryCsv, out: scoresCsv }, ignoreProgress);
    const options = { ...EVALUATION_DEFAULTS, draws: 30 };
    const byModel = await evaluateFiles({ model, telemetryCsv, truthCsv }, options, ignoreProgress);
    const byScores = await evaluateFiles(
      { scoresCsv, telemetryCsv, truthCsv, context: CONTEXT },
      options,
      ignoreProgress,
    );
    expect(byModel.events).toEqual(byScores.events);
    expect(byModel.events.claimed).toMatchObject({ defects: 1, found: 1 });
    expect(byModel.falseAlarms).toEqual(byScores.falseAlarms);
    // Scores in the file have six decimals.
    expect(byModel.ranking.averagePrecision.value).toBeCloseTo(byScores.ranking.averagePrecision.value, 3);
    expect(byModel.weather!.r2OfScore.value).toBeCloseTo(byScores.weather!.r2OfScore.value, 3);
  }, 60_000);
});

describe('evaluateFiles', () => {
  it('measures scores with their context against the truth', async () => {
    const { sensors, readings, events, falseAlarms, rain, weather } = await evaluate();
    expect({ sensors, readings }).toEqual({ sensors: 3, readings: 3 * HOURS });
    expect(events.byKind.map(({ kind, severity, found }) => [kind, severity, found])).toEqual([
      ['broken_insulator', '2 shorted discs', 0],
      ['failing_joint', 'ratio above 3', 1],
    ]);
    expect(events.apart.map(({ kind, severity }) => [kind, severity])).toEqual([
      ['failing_joint', 'ratio below 2'],
    ]);
    expect(events.delayDays.medianOfFound.value).toBe(2);
    expect(falseAlarms.count).toBe(0);
    // Healthy: a 28 days, b 40 and 13 after the repair, c 40; less the first day of each.
    expect(falseAlarms.sensorYears * 365.25).toBeCloseTo(28 + 40 + 13 + 40 - 3, 6);
    expect(rain?.wetShare).toBeCloseTo(6 / 50, 1);
    expect(weather).not.toBeNull();
  });

  it('does without context', async () => {
    const { rain, weather } = await evaluate({ context: [] });
    expect({ rain, weather }).toEqual({ rain: null, weather: null });
  });

  it.each<[string, () => Promise<Partial<EvaluationFiles>>, RegExp]>([
    [
      'a truth about other sensors',
      async () => ({ truthCsv: await file('other.csv', ['sensor_id,kind,onset_at', `z,x,${time(0)}`]) }),
      /None of the sensors in .*other\.csv was scored, such as z/,
    ],
    [
      'a number of discs that is none',
      async () => ({
        truthCsv: await file('discs.csv', ['sensor_id,kind,onset_at,shorted_discs', `a,x,${time(0)},two`]),
      }),
      /discs\.csv, line 2, column shorted_discs: 'two' is not a number of at least 0/,
    ],
    [
      'a score beyond 1',
      async () => ({
        scoresCsv: await file('beyond.csv', ['observed_at,sensor_id,score,anomalous', `${time(0)},a,7,0`]),
      }),
      /beyond\.csv, line 2, column score: '7' is not a number from 0 to 1/,
    ],
    [
      'scores out of order',
      async () => ({
        scoresCsv: await file('order.csv', [
          'observed_at,sensor_id,score,anomalous',
          `${time(1)},a,0.5,0`,
          `${time(0)},a,0.5,0`,
        ]),
      }),
      /order\.csv, line 3, column observed_at: .* does not come after/,
    ],
    [
      'telemetry of other times',
      async () => ({
        telemetryCsv: await file('times.csv', ['observed_at,sensor_id,rain_mm,air', `${time(-5)},a,0,0`]),
      }),
      /times\.csv has no reading that was scored/,
    ],
    [
      'a rain column that is not there',
      () => Promise.resolve({ rainColumn: 'snow' }),
      /rain column snow is not among/,
    ],
    ['scores and a model', () => Promise.resolve({ model: 'x' }), /either --scores, or --model/],
  ])('says what is wrong with %s', async (_, changed, message) => {
    await expect(evaluate(await changed())).rejects.toThrow(message);
  });
});

import { describe, expect, it } from 'vitest';
import { CHANNELS, CONTEXT, simulateFleet } from '../../fixtures/simulated-series.ts';
import type { Column, SensorSeries } from '../../../src/catalogue/models/impedance-anomaly/sensor-series.ts';
import type { Training } from './method.ts';
import { BASELINES } from './methods.ts';

const DAYS = 40;
const DAY_MS = 86_400_000;
const fleet = simulateFleet({
  sensors: 8,
  days: DAYS,
  seed: 4,
  intervalMinutes: 60,
  joints: [
    { sensor: 0, onsetDay: 12, growthPerDay: 0.008 },
    { sensor: 7, onsetDay: 20, growthPerDay: 0.008 },
  ],
});
const start = fleet[0]!.observedAt[0]!;
const training: Training = {
  channels: CHANNELS,
  context: CONTEXT,
  series: fleet.slice(0, 6),
  looks: fleet.slice(0, 6).flatMap(({ sensorId }, sensor) =>
    [10, 20, 30, 39].map((day) => {
      const defect = sensor === 0 && day > 12 ? 1 : 0;
      return { sensorId, inspectedAt: start + day * DAY_MS, defect, kind: defect ? 'failing_joint' : null };
    }),
  ),
  truth: new Map(),
  lines: new Map(),
  seed: 1,
};

function withOtherFuture(series: SensorSeries, from: number): SensorSeries {
  const change = <Values extends Column>(column: Values) =>
    column.map((value, at) => (at < from ? value : 3 * value + 1)) as Values;
  return {
    ...series,
    channels: series.channels.map((column) => change(column)),
    context: series.context.map((column) => change(column)),
  };
}

describe.each(BASELINES.map((method) => ({ name: method.name, method })))('$name', ({ method }) => {
  it('scores no reading by what comes after it', async () => {
    const fitted = await method.fit(training);
    const half = (DAYS / 2) * 24;
    const { score } = fitted.score(fleet[6]!);
    const other = fitted.score(withOtherFuture(fleet[6]!, half)).score;
    expect(other.subarray(0, half)).toEqual(score.subarray(0, half));
    expect(other.subarray(half)).not.toEqual(score.subarray(half));
  });

  it('gives one score a reading, and can judge after its warm-up', async () => {
    const { score } = (await method.fit(training)).score(fleet[6]!);
    expect(score.length).toBe(fleet[6]!.observedAt.length);
    expect(score.subarray(4 * 24).some(Number.isNaN)).toBe(false);
  });
});

describe('regression + z', () => {
  it('sees a joint that raw thresholds do not see through the weather', async () => {
    const before = (score: Float32Array) => Math.max(...score.subarray(5 * 24, 20 * 24));
    const after = (score: Float32Array) => Math.max(...score.subarray(21 * 24, 26 * 24));
    const ratio = async (name: string) => {
      const method = BASELINES.find((one) => one.name === name)!;
      const { score } = (await method.fit(training)).score(fleet[7]!);
      return after(score) / before(score);
    };
    expect(await ratio('regression + z')).toBeGreaterThan(1.5 * (await ratio('raw threshold')));
  });
});

import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../core/statistics/random.ts';
import { CONTEXT_STEPS } from './collect-residuals.ts';
import { PeerBoard } from './peer-board.ts';
import { weatherAt, weatherSize, whiten } from './sample-weather.ts';
import { chooseTimescales } from './timescales.ts';

const HOUR = 3_600_000;

function samplesOf(context: readonly Float32Array[], every: number) {
  const observedAt = Float64Array.from(context[0]!, (_, at) => at * HOUR);
  const times = observedAt.filter((_, at) => at % every === 0);
  const sensor = {
    sensorId: 's',
    observedAt,
    residuals: [],
    weights: [],
    context: context.map((column) => Int16Array.from(column, (value) => Math.round(value * CONTEXT_STEPS))),
    readyFrom: 0,
    finalState: new Float32Array(0),
    board: new PeerBoard(0, () => ''),
  };
  return { sensor, times, inputs: new Float32Array(0), marks: new Float32Array(0) };
}

describe('weatherAt', () => {
  it('tells the context, its square and its recent means at each sample, centred', () => {
    const column = Float32Array.from({ length: 400 }, (_, at) => (at < 200 ? -1 : 1));
    const rows = weatherAt(samplesOf([column], 4), chooseTimescales(1, 10_000));
    const size = weatherSize(1);
    expect(rows).toHaveLength(100 * size);
    const at = (sample: number) => [...rows.subarray(sample * size, (sample + 1) * size)];
    // The value has a mean of zero; its square never moves; the means follow it later, the longer one latest.
    expect(at(49)[0]).toBe(-1);
    expect(at(50)[0]).toBe(1);
    expect(at(50)[1]).toBe(0);
    const [, , short, long] = at(52);
    expect(long!).toBeLessThan(short!);
    expect(short!).toBeLessThan(at(60)[2]!);
  });
});

describe('whiten', () => {
  it('makes columns uncorrelated with a variance of one, but for those that repeat others', () => {
    const random = createRandom(5);
    const rows = new Float32Array(3 * 5_000);
    for (let at = 0; at < rows.length; at += 3) {
      const [one, two] = [random.normal(), random.normal()];
      rows.set([3 * one, one + 0.5 * two, 3 * one], at);
    }
    whiten(rows, 3);
    const product = (left: number, right: number) => {
      let sum = 0;
      for (let at = 0; at < rows.length; at += 3) sum += rows[at + left]! * rows[at + right]!;
      return sum / 5_000;
    };
    // With the ridge: 9 / 9.09 of the first, and 0.2501 / 0.2724 of what the second does not share with it.
    expect(product(0, 0)).toBeCloseTo(0.99, 1);
    expect(product(1, 1)).toBeCloseTo(0.918, 1);
    expect(Math.abs(product(0, 1))).toBeLessThan(0.06);
    expect(product(2, 2)).toBeLessThan(1);
  });
});

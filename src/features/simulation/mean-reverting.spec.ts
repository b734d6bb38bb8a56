import { describe, expect, it } from 'vitest';
import { createRandom } from '../../core/statistics/random.ts';
import { createMeanReverting } from './mean-reverting.ts';

describe('createMeanReverting', () => {
  it('keeps its spread, and 1/e of itself after its memory', () => {
    const memoryHours = 2;
    const stepHours = 0.5;
    const next = createMeanReverting(createRandom(1), { deviation: 3, memoryHours }, stepHours);
    const values = Array.from({ length: 100_000 }, next);
    const mean = (list: number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
    const lag = memoryHours / stepHours;
    const variance = mean(values.map((value) => value * value));
    const covariance = mean(values.slice(lag).map((value, index) => value * values[index]!));
    // 100,000 steps are some 12,000 independent values: 1 % of standard error, four of them allowed.
    expect(Math.abs(variance / 9 - 1)).toBeLessThan(0.06);
    expect(Math.abs(covariance / variance - Math.exp(-1))).toBeLessThan(0.04);
  });
});

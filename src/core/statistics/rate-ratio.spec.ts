import { describe, expect, it } from 'vitest';
import { createRandom } from './random.ts';
import { rateRatio } from './rate-ratio.ts';

describe('rateRatio', () => {
  it('divides the rates', () => {
    const { ratio } = rateRatio({ count: 6, exposure: 100 }, { count: 4, exposure: 900 });
    expect(ratio).toBeCloseTo(6 / 100 / (4 / 900), 12);
  });

  it('has an interval that nothing bounds above where all happened in one kind of time', () => {
    expect(rateRatio({ count: 3, exposure: 1 }, { count: 0, exposure: 1 })).toMatchObject({
      ratio: Infinity,
      upper: Infinity,
    });
  });

  it('says nothing where nothing happened', () => {
    expect(rateRatio({ count: 0, exposure: 5 }, { count: 0, exposure: 5 })).toEqual({
      ratio: NaN,
      lower: 0,
      upper: Infinity,
    });
  });

  it('covers the true ratio in about 95 of 100 draws', () => {
    const random = createRandom(11);
    const RUNS = 2000;
    let covered = 0;
    for (let run = 0; run < RUNS; run++) {
      const one = { count: poisson(12, () => random.uniform()), exposure: 1 };
      const other = { count: poisson(24, () => random.uniform()), exposure: 4 };
      const { lower, upper } = rateRatio(one, other); // true ratio 2
      if (lower <= 2 && 2 <= upper) covered++;
    }
    // Wilson's coverage lies within 93 and 97 % here; three standard errors of 2000 runs are 1.5 %.
    expect(covered / RUNS).toBeGreaterThan(0.93 - 0.015);
    expect(covered / RUNS).toBeLessThan(0.97 + 0.015);
  });
});

function poisson(mean: number, uniform: () => number): number {
  const limit = Math.exp(-mean);
  let count = -1;
  for (let product = 1; product > limit; count++) product *= uniform();
  return count;
}

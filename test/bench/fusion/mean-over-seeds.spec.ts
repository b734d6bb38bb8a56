import { describe, expect, it } from 'vitest';
import { meanOverSeeds } from './mean-over-seeds.ts';

describe('meanOverSeeds', () => {
  it("gives Student's interval", () => {
    // 0.1, 0.2, 0.3: standard error 0.0577, times 4.303 and 2.920.
    const { mean, half, lower } = meanOverSeeds([0.1, 0.2, 0.3]);
    expect(mean).toBeCloseTo(0.2, 9);
    expect(half).toBeCloseTo(0.2484, 4);
    expect(lower).toBeCloseTo(0.2 - 0.1686, 4);
  });

  it('leaves out seeds on which the figure could not be told', () => {
    expect(meanOverSeeds([0.5, null, NaN, 0.5])).toEqual({ mean: 0.5, half: 0, lower: 0.5, seeds: 2 });
  });

  it('bounds nothing from one seed', () => {
    expect(meanOverSeeds([0.5])).toEqual({ mean: 0.5, half: NaN, lower: NaN, seeds: 1 });
  });
});

import { describe, expect, it } from 'vitest';
import { addToMoments, emptyMoments, heldOutR2 } from './held-out-r2.ts';
import { createRandom } from './random.ts';

const COLUMNS = 6;
const CLUSTERS = 20;
/** Four folds of five clusters. */
const FOLDS = Array.from({ length: CLUSTERS }, (_, cluster) => cluster % 4);
const EVENLY = Array<number>(CLUSTERS).fill(1);

/** Moments of clusters whose figure is `signal` times their first column, plus noise of variance 1. */
function clusters(signal: number, casesPerCluster: number, seed: number) {
  const random = createRandom(seed);
  return Array.from({ length: CLUSTERS }, () => {
    const moments = emptyMoments(COLUMNS);
    for (let i = 0; i < casesPerCluster; i++) {
      const columns = Float64Array.from({ length: COLUMNS }, () => random.normal());
      addToMoments(moments, columns, signal * columns[0]! + random.normal());
    }
    return moments;
  });
}

describe('heldOutR2', () => {
  it('finds the share that the columns explain', () => {
    // Variance 1 of 2 is explained; with 4000 cases the standard error is about 0.011.
    expect(heldOutR2(clusters(1, 200, 1), FOLDS, EVENLY)).toBeCloseTo(0.5, 1);
  });

  it('is below 0 by about one column in so many cases where there is nothing to explain', () => {
    const runs = Array.from({ length: 50 }, (_, seed) => heldOutR2(clusters(0, 15, seed), FOLDS, EVENLY));
    const mean = runs.reduce((sum, value) => sum + value, 0) / runs.length;
    // Expected error of 6 coefficients from 225 cases: 6 / 225 = 0.027; its spread over 50 runs is about 0.002.
    expect(mean).toBeGreaterThan(-0.04);
    expect(mean).toBeLessThan(-0.015);
  });

  it('weighs clusters as if they were there so many times', () => {
    const own = clusters(0.5, 20, 7);
    const weights = own.map((_, cluster) => [2, 0, 0, 1][cluster] ?? 0);
    const repeated = heldOutR2([own[0]!, own[0]!, own[3]!], [0, 0, 3], [1, 1, 1]);
    expect(heldOutR2(own, FOLDS, weights)).toBeCloseTo(repeated, 10);
  });

  it('stands a column that is constant', () => {
    const moments = Array.from({ length: 2 }, () => emptyMoments(2));
    for (const [i, fold] of [0, 1, 0, 1].entries()) {
      addToMoments(moments[fold]!, new Float64Array([i - 1.5, 0]), i - 1.5);
    }
    expect(heldOutR2(moments, [0, 1], [1, 1])).toBeCloseTo(1, 3);
  });

  it('is not a number for a figure that never moves', () => {
    const still = clusters(1, 5, 3).map((moments) => {
      moments.withFigure.fill(0);
      return { ...moments, figure: 0 };
    });
    expect(heldOutR2(still, FOLDS, EVENLY)).toBeNaN();
  });
});

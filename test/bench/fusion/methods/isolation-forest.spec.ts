import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/core/statistics/random.ts';
import { IsolationForest, usualPathLength } from './isolation-forest.ts';

const golden = JSON.parse(
  readFileSync(new URL('../../../golden/isolation-forest.json', import.meta.url), 'utf8'),
) as { cloud: number[][]; points: number[][]; scores: number[] };

describe('IsolationForest', () => {
  it('gives what scikit-learn gives, up to the chance in its trees', () => {
    const cloud = golden.cloud.map((row) => Float32Array.from(row));
    const options = { trees: 3000, rowsPerTree: 256 };
    const forest = IsolationForest.grow(cloud, createRandom(1), options);
    const scores = golden.points.map((point) => forest.score(Float32Array.from(point)));
    // A path's length differs by about 2.5 from tree to tree: of the mean of 3000 twice over, four standard
    // errors are 4 * 2.5 * sqrt(2 / 3000) = 0.26 steps of 10.2, or 0.26 / 10.2 * ln 2 * score < 0.013.
    for (const [at, score] of scores.entries())
      expect(Math.abs(score - golden.scores[at]!)).toBeLessThan(0.013);
  });

  it('is the same for the same seed', () => {
    const cloud = golden.cloud.map((row) => Float32Array.from(row));
    const score = (): number =>
      IsolationForest.grow(cloud, createRandom('same')).score(Float32Array.from([1, 2, 3, 2]));
    expect(score()).toBe(score());
  });

  it('stands rows that are all alike', () => {
    const cloud = Array.from({ length: 20 }, () => Float32Array.from([1, 1]));
    // No cut is possible: every path has the usual length, and 2^-1 is the usual score.
    expect(IsolationForest.grow(cloud, createRandom(1)).score(cloud[0]!)).toBeCloseTo(0.5, 6);
  });

  it('knows how deep a search usually goes', () => {
    // Liu et al. 2008, c(n) = 2 H(n - 1) - 2 (n - 1) / n; for 256 rows 10.2448.
    expect(usualPathLength(256)).toBeCloseTo(10.2448, 3);
    expect(usualPathLength(1)).toBe(0);
  });
});

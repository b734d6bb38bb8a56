import { describe, expect, it } from 'vitest';
import { dot, fitLogistic } from './logistic-regression.ts';
import { sigmoid } from './platt-scaling.ts';
import { createRandom } from './random.ts';

describe('fitLogistic', () => {
  it('finds the coefficients that made the cases', () => {
    const random = createRandom(3);
    const truth = [-1, 0.8, -0.5];
    const cases = 20_000;
    const rows = new Float64Array(3 * cases);
    const outcomes = new Uint8Array(cases);
    for (let at = 0; at < cases; at++) {
      const row = [1, random.normal(), random.normal()];
      rows.set(row, 3 * at);
      outcomes[at] = random.uniform() < sigmoid(dot(row, truth)) ? 1 : 0;
    }
    const found = fitLogistic(rows, outcomes, 1);
    // The information of a case is p(1 − p), 0.17 on average here: standard errors are about 0.017; four of them.
    for (const [i, value] of truth.entries()) expect(Math.abs(found[i]! - value)).toBeLessThan(0.07);
  });

  it('stays finite where the cases can be told apart without error', () => {
    const rows = Float64Array.from([1, -2, 1, -1, 1, 1, 1, 2]);
    const found = fitLogistic(rows, [0, 0, 1, 1], 1);
    expect(found[1]).toBeGreaterThan(0.5);
    // At the optimum the ridge's pull equals the sum of (outcome − probability) × column.
    const pull = [0, 1, 2, 3].reduce((sum, at) => {
      const row = rows.subarray(2 * at, 2 * at + 2);
      return sum + ((at < 2 ? 0 : 1) - sigmoid(dot(row, found))) * row[1]!;
    }, 0);
    expect(pull).toBeCloseTo(found[1]!, 6);
  });

  it('has nothing to say of no cases', () => {
    expect(fitLogistic(new Float64Array(0), [], 1)).toHaveLength(0);
  });
});

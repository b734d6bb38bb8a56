import { describe, expect, it } from 'vitest';
import { applyPlatt, fitPlatt, sigmoid } from './platt-scaling.ts';
import { createRandom } from './random.ts';

describe('fitPlatt', () => {
  it('finds the scaling that made the cases', () => {
    const random = createRandom(4);
    const logits = Float64Array.from({ length: 20_000 }, () => 3 * random.normal());
    const targets = logits.map((logit) => (random.uniform() < sigmoid(0.5 * logit - 1) ? 1 : 0));
    const { slope, intercept } = fitPlatt(logits, targets);
    // Standard errors at this size are about 0.01 and 0.02; four of them.
    expect(Math.abs(slope - 0.5)).toBeLessThan(0.04);
    expect(Math.abs(intercept + 1)).toBeLessThan(0.08);
  });

  it('never inverts the order, however few or wrong the cases', () => {
    const scaling = fitPlatt([1, 2, -1], [0, 0, 1]);
    expect(applyPlatt(scaling, 2)).toBeGreaterThan(applyPlatt(scaling, 1));
  });

  it('takes a case that counts twice for two', () => {
    const [logits, targets] = [
      [-2, -1, 0.5, 1],
      [0, 0, 1, 0],
    ];
    const twice = fitPlatt(logits, targets, [1, 1, 2, 1]);
    const repeated = fitPlatt([...logits, 0.5], [...targets, 1]);
    expect(twice.slope).toBeCloseTo(repeated.slope, 9);
    expect(twice.intercept).toBeCloseTo(repeated.intercept, 9);
  });
});

import { describe, expect, it } from 'vitest';
import { averagePrecision } from './average-precision.ts';

describe('averagePrecision', () => {
  it('is the mean precision at the true cases', () => {
    // Ranked: true, false, true; precisions 1 and 2/3.
    expect(averagePrecision([0.9, 0.8, 0.7], [1, 0, 1])).toBeCloseTo(5 / 6, 12);
  });

  it('takes ties together, in whatever order they come', () => {
    expect(averagePrecision([0.5, 0.5], [1, 0])).toBe(0.5);
    expect(averagePrecision([0.5, 0.5], [0, 1])).toBe(0.5);
  });

  it('is not a number without a true case', () => {
    expect(averagePrecision([0.5], [0])).toBeNaN();
  });
});

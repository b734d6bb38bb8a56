/** Average precision and recall at a precision, against values computed by hand. */
import { describe, expect, it } from 'vitest';
import { interpolatedPrecision, recallAtPrecision } from './interpolated-precision.ts';

describe('interpolatedPrecision', () => {
  it('is 1 where all is found and nothing else, and 0 where nothing is', () => {
    expect(interpolatedPrecision([0.9, 0.8], [1, 1], 2)).toBe(1);
    expect(interpolatedPrecision([0.9, 0.8], [0, 0], 2)).toBe(0);
    expect(interpolatedPrecision([], [], 2)).toBe(0);
  });

  it('is not a number where there is nothing to find', () => {
    expect(interpolatedPrecision([0.9], [0], 0)).toBeNaN();
  });

  it('counts a second box on the same object as false', () => {
    // Recalls 0 to 0.5 at precision 1 (51 readings), above it at 2/3 (50 readings).
    expect(interpolatedPrecision([0.9, 0.8, 0.7], [1, 0, 1], 2)).toBeCloseTo((51 + 50 * (2 / 3)) / 101, 12);
  });

  it('reads nothing beyond what is ever found', () => {
    expect(interpolatedPrecision([0.9], [1], 4)).toBeCloseTo(26 / 101, 12);
  });
});

describe('recallAtPrecision', () => {
  it('is the furthest point of the curve that is still precise enough', () => {
    const [scores, correct] = [
      [0.9, 0.8, 0.7, 0.6],
      [1, 0, 1, 1],
    ];
    expect(recallAtPrecision(scores, correct, 4, 0.7)).toBe(0.75);
    expect(recallAtPrecision(scores, correct, 4, 0.9)).toBe(0.25);
    expect(recallAtPrecision([0.9], [0], 4, 0.5)).toBe(0);
  });
});

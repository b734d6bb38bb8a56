/** The calibration test accepts true probabilities as often as it says, and refuses overstated ones. */
import { describe, expect, it } from 'vitest';
import { calibrationError, testCalibration } from './calibration-test.ts';
import { createRandom } from './random.ts';

describe('calibrationError', () => {
  it('is the weighted distance between stated and observed shares', () => {
    // Bin of 0.9: stated 0.9, observed 0.5; bin of 0.1: stated 0.1, observed 0.
    expect(calibrationError([0.9, 0.9, 0.1, 0.1], [1, 0, 0, 0])).toBeCloseTo((0.4 + 0.1) / 2, 12);
    expect(calibrationError([], [])).toBe(0);
  });
});

describe('testCalibration', () => {
  it('knows the error that calibrated probabilities show at 500 cases', () => {
    const random = createRandom(5);
    const probabilities = Array.from({ length: 500 }, () => random.uniform());
    const outcomes = probabilities.map((p) => (random.uniform() < p ? 1 : 0));
    const test = testCalibration(probabilities, outcomes, random);
    expect(test.expectedError).toBeGreaterThan(0.03);
    expect(test.expectedError).toBeLessThan(0.07);
    expect(test.pValue).toBeGreaterThan(0.001);
  });

  it('refuses probabilities that overstate', () => {
    const random = createRandom(6);
    const truth = Array.from({ length: 500 }, () => random.uniform());
    const outcomes = truth.map((p) => (random.uniform() < p ? 1 : 0));
    const overstated = truth.map((p) => Math.sqrt(p));
    expect(testCalibration(overstated, outcomes, random).pValue).toBe(0.001);
  });
});

/**
 * Are stated probabilities true? The expected calibration error, judged against what perfectly calibrated
 * probabilities would show on as many cases: on small samples the error is far from zero even then.
 */
import type { Random } from './random.ts';

export interface CalibrationTest {
  /** Mean distance between stated and observed share over bins of equal width, weighted by cases: 0..1. */
  readonly error: number;
  /** The same of calibrated probabilities, averaged over simulated outcomes. */
  readonly expectedError: number;
  /** Share of simulated outcomes with an error at least as large; small means the probabilities are not true. */
  readonly pValue: number;
}

const BINS = 15;
const SIMULATIONS = 999;

/** @param outcomes 1 where it came true, 0 else */
export function testCalibration(
  probabilities: ArrayLike<number>,
  outcomes: ArrayLike<number>,
  random: Random,
): CalibrationTest {
  const error = calibrationError(probabilities, outcomes);
  const simulated = new Uint8Array(probabilities.length);
  let [sum, asLarge] = [0, 0];
  for (let run = 0; run < SIMULATIONS; run++) {
    for (let i = 0; i < simulated.length; i++) simulated[i] = random.uniform() < probabilities[i]! ? 1 : 0;
    const chance = calibrationError(probabilities, simulated);
    sum += chance;
    if (chance >= error) asLarge += 1;
  }
  return { error, expectedError: sum / SIMULATIONS, pValue: (asLarge + 1) / (SIMULATIONS + 1) };
}

export function calibrationError(probabilities: ArrayLike<number>, outcomes: ArrayLike<number>): number {
  const stated = new Float64Array(BINS);
  const observed = new Float64Array(BINS);
  for (let i = 0; i < probabilities.length; i++) {
    const bin = Math.min(BINS - 1, Math.floor(probabilities[i]! * BINS));
    stated[bin]! += probabilities[i]!;
    observed[bin]! += outcomes[i]!;
  }
  let distance = 0;
  for (let bin = 0; bin < BINS; bin++) distance += Math.abs(stated[bin]! - observed[bin]!);
  return probabilities.length === 0 ? 0 : distance / probabilities.length;
}

/** Logistic regression by Newton's method, with a ridge that keeps few cases, or separable ones, finite. */
import { sigmoid } from './platt-scaling.ts';
import { factorInPlace, packedIndex, solveFactored } from './solve-positive-definite.ts';

const MOST_ITERATIONS = 30;
/** Stops where no coefficient moves by more. */
const TOLERANCE = 1e-8;
/** A bounded step keeps Newton's method from leaping where the curve is flat. */
const LONGEST_STEP = 2;
const SMALLEST_CURVE = 1e-9;

/**
 * @param rows [cases, columns]; a column of ones is the intercept, if one is wanted
 * @param outcomes 0 or 1, one a case
 * @param ridge half of it times the square of each coefficient is added to the loss; none on the first column
 * @returns a coefficient a column: P(1 | row) = sigmoid(row · coefficients)
 */
export function fitLogistic(rows: Float64Array, outcomes: ArrayLike<number>, ridge: number): Float64Array {
  const cases = outcomes.length;
  const size = cases === 0 ? 0 : rows.length / cases;
  const coefficients = new Float64Array(size);
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    const curve = new Float64Array(packedIndex(size, 0));
    const step = new Float64Array(size);
    for (let column = 0; column < size; column++) {
      const penalty = column === 0 ? 0 : ridge;
      curve[packedIndex(column, column)] = penalty + SMALLEST_CURVE;
      step[column] = -penalty * coefficients[column]!;
    }
    for (let at = 0; at < cases; at++) {
      const row = rows.subarray(at * size, (at + 1) * size);
      const probability = sigmoid(dot(row, coefficients));
      const weight = probability * (1 - probability);
      for (let i = 0, packed = 0; i < size; i++) {
        step[i]! += (outcomes[at]! - probability) * row[i]!;
        for (let j = 0; j <= i; j++, packed++) curve[packed]! += weight * row[i]! * row[j]!;
      }
    }
    if (!factorInPlace(curve, size)) break;
    solveFactored(curve, size, step);
    const longest = step.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const share = Math.min(1, LONGEST_STEP / longest);
    for (let i = 0; i < size; i++) coefficients[i]! += share * step[i]!;
    if (longest < TOLERANCE) break;
  }
  return coefficients;
}

export function dot(left: ArrayLike<number>, right: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < left.length; i++) sum += left[i]! * right[i]!;
  return sum;
}

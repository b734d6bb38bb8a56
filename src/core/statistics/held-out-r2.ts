/**
 * How much of a figure a linear regression explains of clusters that it was not fitted on: 0 or a little less where
 * nothing is to be explained, where the ordinary R² is above 0 by chance alone.
 */
import { factorInPlace, packedIndex, solveFactored } from './solve-positive-definite.ts';

/** Small against the columns' unit variance: only keeps a constant or doubled column from stopping the solution. */
const RIDGE = 1e-6;

/** Second moments of cases; those of several clusters add up. */
export interface Moments {
  cases: number;
  /** Packed lower triangle of the sums of products of columns. */
  readonly columns: Float64Array;
  /** Sums of products of each column with the figure. */
  readonly withFigure: Float64Array;
  figure: number;
}

export function emptyMoments(columns: number): Moments {
  return {
    cases: 0,
    columns: new Float64Array(packedIndex(columns, 0)),
    withFigure: new Float64Array(columns),
    figure: 0,
  };
}

/** Columns and figure must be centred. */
export function addToMoments(moments: Moments, columns: Float64Array, figure: number): void {
  moments.cases += 1;
  moments.figure += figure * figure;
  for (let row = 0, at = 0; row < columns.length; row++) {
    const value = columns[row]!;
    moments.withFigure[row]! += value * figure;
    for (let column = 0; column <= row; column++, at++) moments.columns[at]! += value * columns[column]!;
  }
}

/**
 * @param clusters moments of each; @param folds number of the fold of each, from 0; @param weights of each
 * @returns NaN for a figure that never moves
 */
export function heldOutR2(
  clusters: readonly Moments[],
  folds: readonly number[],
  weights: ArrayLike<number>,
): number {
  const size = clusters[0]?.withFigure.length ?? 0;
  const all = emptyMoments(size);
  const byFold: Moments[] = [];
  for (const [index, cluster] of clusters.entries()) {
    if (weights[index] === 0) continue;
    addWeighted((byFold[folds[index]!] ??= emptyMoments(size)), cluster, weights[index]!);
    addWeighted(all, cluster, weights[index]!);
  }
  let [unexplained, total] = [0, 0];
  for (const out of byFold) {
    if (out === undefined || out.cases === 0 || out.cases === all.cases) continue;
    const coefficients = solve(all, out, size);
    if (coefficients === null) return NaN;
    unexplained += squaredErrors(out, coefficients);
    total += out.figure;
  }
  return total > 0 ? 1 - unexplained / total : NaN;
}

function addWeighted(sum: Moments, part: Moments, weight: number): void {
  sum.cases += weight * part.cases;
  sum.figure += weight * part.figure;
  for (let at = 0; at < sum.columns.length; at++) sum.columns[at]! += weight * part.columns[at]!;
  for (let at = 0; at < sum.withFigure.length; at++) sum.withFigure[at]! += weight * part.withFigure[at]!;
}

function solve(all: Moments, out: Moments, size: number): Float64Array | null {
  const matrix = all.columns.map((value, at) => value - out.columns[at]!);
  for (let row = 0; row < size; row++) matrix[packedIndex(row, row)]! += RIDGE * (all.cases - out.cases);
  const coefficients = all.withFigure.map((value, at) => value - out.withFigure[at]!);
  if (!factorInPlace(matrix, size)) return null;
  solveFactored(matrix, size, coefficients);
  return coefficients;
}

/** |figure - columns · coefficients|², from the moments alone. */
function squaredErrors(out: Moments, coefficients: Float64Array): number {
  let sum = out.figure;
  for (let row = 0, at = 0; row < coefficients.length; row++) {
    sum -= 2 * coefficients[row]! * out.withFigure[row]!;
    for (let column = 0; column <= row; column++, at++) {
      const twice = column === row ? 1 : 2;
      sum += twice * coefficients[row]! * coefficients[column]! * out.columns[at]!;
    }
  }
  return Math.max(0, sum);
}

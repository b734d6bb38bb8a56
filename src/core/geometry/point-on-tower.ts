/**
 * Where on a tower a point is, as far as lines of sight tell, and how well they agree that it is one point.
 *
 * What is sought is the point and by how much the compass was off all flight. Both are Gaussian before anything was seen,
 * each bound is linear in them, and so is what comes out; the evidence for one point against two is exact (Bishop, Pattern
 * Recognition and Machine Learning, 2006, 3.3 and 3.4).
 */
import { factorInPlace, packedIndex, solveFactored } from '../statistics/solve-positive-definite.ts';
import type { SightLine } from './sight-line.ts';

/** What bounds add up to: those of two pictures are added to know what both say. */
export interface SightSum {
  /** Packed lower triangle of the information matrix; axes are east, north, up in metres, and the compass in radians. */
  readonly information: readonly number[];
  readonly towards: readonly number[];
  readonly squares: number;
}

const AXES = [0, 1, 2, 3] as const;
const UP = 2;

/**
 * Before anything was seen: insulators and joints hang on arms about the axis, over most of the tower's height; a compass
 * is off by 4 degrees, most of it all flight.
 */
const PRIOR = { centre: [0, 0, 24, 0], sigma: [5, 5, 12, 0.06] } as const;

export function sumOfSight(line: SightLine): SightSum {
  return line
    .map(({ across, atMetre, sigmaMetre, turnedMetre }): SightSum => {
      const weight = 1 / sigmaMetre ** 2;
      const shares = [...across, turnedMetre];
      return {
        information: AXES.flatMap((row) =>
          AXES.slice(0, row + 1).map((column) => weight * shares[row]! * shares[column]!),
        ),
        towards: shares.map((share) => weight * share * atMetre),
        squares: weight * atMetre ** 2,
      };
    })
    .reduce(addSights);
}

export function addSights(a: SightSum, b: SightSum): SightSum {
  return {
    information: a.information.map((value, index) => value + b.information[index]!),
    towards: a.towards.map((value, index) => value + b.towards[index]!),
    squares: a.squares + b.squares,
  };
}

/** @param part of what was added to `whole` */
export function subtractSights(whole: SightSum, part: SightSum): SightSum {
  return {
    information: whole.information.map((value, index) => value - part.information[index]!),
    towards: whole.towards.map((value, index) => value - part.towards[index]!),
    squares: whole.squares - part.squares,
  };
}

/** Height of the point above take-off with its standard deviation. */
export function heightOfPoint(sights: SightSum): { readonly metre: number; readonly sigmaMetre: number } {
  const { factor, towards } = posterior(sights);
  const mean = solved(factor, towards);
  const variance = solved(
    factor,
    AXES.map((axis) => (axis === UP ? 1 : 0)),
  );
  return { metre: mean[UP]!, sigmaMetre: Math.sqrt(variance[UP]!) };
}

/**
 * Logarithm of how likely these sights are when all of them are of one point, but for what does not depend on which are
 * summed: only its differences mean something.
 */
export function logEvidenceOfPoint(sights: SightSum): number {
  const { factor, towards, squares } = posterior(sights);
  const mean = solved(factor, towards);
  const explained = towards.reduce((sum, value, axis) => sum + value * mean[axis]!, 0);
  const logDeterminant = AXES.reduce<number>(
    (sum, axis) => sum + 2 * Math.log(factor[packedIndex(axis, axis)]!),
    0,
  );
  const logPriorDeterminant = AXES.reduce<number>((sum, axis) => sum - 2 * Math.log(PRIOR.sigma[axis]), 0);
  return 0.5 * (explained - squares + logPriorDeterminant - logDeterminant);
}

function posterior(sights: SightSum) {
  const factor = Float64Array.from(sights.information);
  const towards = [...sights.towards];
  let squares = sights.squares;
  for (const axis of AXES) {
    const weight = 1 / PRIOR.sigma[axis] ** 2;
    factor[packedIndex(axis, axis)]! += weight;
    towards[axis]! += weight * PRIOR.centre[axis];
    squares += weight * PRIOR.centre[axis] ** 2;
  }
  factorInPlace(factor, AXES.length);
  return { factor, towards, squares };
}

function solved(factor: Float64Array, towards: readonly number[]): Float64Array {
  const vector = Float64Array.from(towards);
  solveFactored(factor, AXES.length, vector);
  return vector;
}

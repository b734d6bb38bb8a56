/** What is left of a reading once its expectation is taken away, and how far it counts. */

/** Beyond this many standard deviations one reading moves things by ever less. */
const RESIDUAL_LIMIT = 6;
/** Of the value, relative. */
const ROUNDING = 2 ** -22;

/** What a state in single precision leaves between the two is nothing. */
export function subtract(value: number, expected: number): number {
  const difference = value - expected;
  return Math.abs(difference) <= ROUNDING * Math.abs(value) ? 0 : difference;
}

/** @param residual in standard deviations */
export function dampen(residual: number): number {
  const beyond = Math.abs(residual) - RESIDUAL_LIMIT;
  return beyond > 0 ? Math.sign(residual) * (RESIDUAL_LIMIT + Math.log1p(beyond)) : residual;
}

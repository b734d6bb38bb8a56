/** Upper confidence bound on the mean of a Poisson count, exact. */

/**
 * The mean at which a count of at most `count` has probability 1 - `confidence`.
 * @example poissonUpperBound(0, 0.95) // 3.00; 5 events: 10.51
 */
export function poissonUpperBound(count: number, confidence: number): number {
  let low = 0;
  let high = 10 * (count + 10);
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (probabilityOfAtMost(count, middle) > 1 - confidence) low = middle;
    else high = middle;
  }
  return high;
}

function probabilityOfAtMost(count: number, mean: number): number {
  let logTerm = -mean;
  let sum = Math.exp(logTerm);
  for (let k = 1; k <= count; k++) {
    logTerm += Math.log(mean / k);
    sum += Math.exp(logTerm);
  }
  return sum;
}

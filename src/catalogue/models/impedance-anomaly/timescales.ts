/** Chooses the model's time constants from how often and how long the training sensors were read. */

export interface Timescales {
  /** Usual time between two readings of one sensor. */
  readonly intervalHours: number;
  /** Time constants of the residual's moving means, shortest first, in geometric steps. */
  readonly horizonsHours: readonly [number, number, number, number];
  /** How slowly the regression forgets; longer keeps slow defects visible, shorter follows seasons. */
  readonly forgettingHours: number;
  /** Time between two solutions of the regression. */
  readonly refitHours: number;
  /** Own readings that a new sensor needs before it is scored. */
  readonly warmUpHours: number;
  /** Weight of the population's coefficients against a sensor's own readings. */
  readonly priorReadings: number;
}

const LONGEST_HORIZON_HOURS = 72;
/**
 * A joint that fails over months must not be learned away meanwhile. What seasons do to all sensors alike, peers take out:
 * what is left over three days spreads by 0.17 % of the resistance with a year, which is the drift of single instruments.
 */
const LONGEST_FORGETTING_HOURS = 365 * 24;
const SHORTEST_HORIZON_HOURS = 1;
/** A moving mean over fewer readings than this is no better than the reading itself. */
const FEWEST_READINGS_PER_HORIZON = 4;

/**
 * Readings every ten minutes for months give horizons of 1, 4.2, 17 and 72 hours; a second's sampling over
 * one hour gives 4, 14, 51 and 180 seconds.
 */
export function chooseTimescales(intervalHours: number, durationHours: number): Timescales {
  const shortestPossible = FEWEST_READINGS_PER_HORIZON * intervalHours;
  const longest = Math.max(Math.min(LONGEST_HORIZON_HOURS, durationHours / 20), 4 * shortestPossible);
  const shortest = Math.max(Math.min(SHORTEST_HORIZON_HOURS, longest / 45), shortestPossible);
  const ratio = Math.cbrt(longest / shortest);
  return {
    intervalHours,
    horizonsHours: [shortest, shortest * ratio, shortest * ratio ** 2, longest],
    forgettingHours: Math.max(Math.min(LONGEST_FORGETTING_HOURS, 2 * durationHours), 4 * longest),
    refitHours: shortest * ratio ** 2,
    warmUpHours: longest,
    priorReadings: longest / intervalHours,
  };
}

/** A gap counts as this long at most: what came before it still says more than one reading after it. */
export function longestStepHours(timescales: Timescales): number {
  return timescales.horizonsHours[0];
}

/**
 * Drones fly in fair weather: what their looks say of the score's calibration is weighted back to the weather of all
 * times. Weights are the inverse of the propensity of a look given the weather, truncated (Cole and Hernán,
 * "Constructing inverse probability weights for marginal structural models", 2008).
 */
import { dot, fitLogistic } from '../../../core/statistics/logistic-regression.ts';
import { readContext, type SensorResiduals } from './collect-residuals.ts';
import type { Look } from './look-intervals.ts';
import type { SensorLooks } from './shown-defects.ts';

/** Readings that stand for all times, as many of each sensor. */
const USUAL_TIMES = 20_000;
/** Their steps through the history are this share of it: neither hours of the day nor seasons are hit more often. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;
/** A context value further out, in standard deviations, says no more of whether a drone flies. */
const LIMIT = 3;
const RIDGE = 1;
/** No look counts for more than this many usual ones. */
const MOST = 10;
/**
 * Weights of few looks cost more than they bring: 46 looks said as much as 7 equal ones, and the calibration was five times
 * as far off. They are drawn together until they say as much as this many equal looks, or all count the same.
 */
const FEWEST_EQUAL = 300;
const HALVINGS = 20;

/**
 * Weights of looks, with a mean of 1; a look before a sensor's first usable reading has none and is not in the map.
 * Without context, and where looks are few, every look counts the same.
 *
 * @param until weather after it is not known
 */
export function lookWeights(
  sensors: readonly SensorResiduals[],
  looks: ReadonlyMap<string, SensorLooks>,
  until: number,
): Map<Look, number> {
  const flown: { look: Look; row: Float64Array }[] = [];
  const usual: Float64Array[] = [];
  const timesPerSensor = Math.ceil(USUAL_TIMES / sensors.length);
  for (const sensor of sensors) {
    const count = lastReading(sensor.observedAt, until) + 1 - sensor.readyFrom;
    for (let i = 1; count > 0 && i <= timesPerSensor; i++) {
      usual.push(rowAt(sensor, sensor.readyFrom + Math.floor(((i * GOLDEN) % 1) * count)));
    }
    for (const look of looks.get(sensor.sensorId)?.looks ?? []) {
      const at = lastReading(sensor.observedAt, look.inspectedAt);
      if (at >= sensor.readyFrom) flown.push({ look, row: rowAt(sensor, at) });
    }
  }
  if (flown.length <= FEWEST_EQUAL) return new Map(flown.map(({ look }) => [look, 1]));
  const rows = [...usual, ...flown.map(({ row }) => row)];
  const size = rows[0]!.length;
  const matrix = new Float64Array(rows.length * size);
  for (const [at, row] of rows.entries()) matrix.set(row, at * size);
  const outcomes = Uint8Array.from(rows, (_, at) => (at < usual.length ? 0 : 1));
  const coefficients = fitLogistic(matrix, outcomes, RIDGE);
  // The odds of a look are its density over that of all times, but for a factor.
  const inverse = flown.map(({ row }) => Math.exp(-dot(row, coefficients)));
  const weights = drawnTogether(withMeanOfOne(withMeanOfOne(inverse).map((value) => Math.min(MOST, value))));
  return new Map(flown.map(({ look }, at) => [look, weights[at]!]));
}

/** The weights to the largest power, up to 1, at which they say as much as `FEWEST_EQUAL` equal looks. */
function drawnTogether(weights: readonly number[]): number[] {
  const toPower = (power: number) => withMeanOfOne(weights.map((weight) => weight ** power));
  if (effectiveLooks(weights) >= FEWEST_EQUAL) return toPower(1);
  let [low, high] = [0, 1];
  for (let halving = 0; halving < HALVINGS; halving++) {
    const power = (low + high) / 2;
    if (effectiveLooks(toPower(power)) >= FEWEST_EQUAL) low = power;
    else high = power;
  }
  return toPower(low);
}

function withMeanOfOne(weights: readonly number[]): number[] {
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  return weights.map((weight) => weight / mean);
}

/** How many equal looks would say as much (Kish). */
export function effectiveLooks(weights: Iterable<number>): number {
  let [sum, squares] = [0, 0];
  for (const weight of weights) {
    sum += weight;
    squares += weight * weight;
  }
  return squares === 0 ? 0 : (sum * sum) / squares;
}

/** 1, each context column and its square. */
function rowAt(sensor: SensorResiduals, at: number): Float64Array {
  const columns = sensor.context.length;
  const row = new Float64Array(1 + 2 * columns);
  row[0] = 1;
  for (let column = 0; column < columns; column++) {
    const value = Math.max(-LIMIT, Math.min(LIMIT, readContext(sensor, column, at)));
    row[1 + column] = value;
    row[1 + columns + column] = value * value;
  }
  return row;
}

/** Index of the last reading at or before a time, -1 where there is none. */
function lastReading(observedAt: Float64Array, time: number): number {
  let [low, high] = [0, observedAt.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (observedAt[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

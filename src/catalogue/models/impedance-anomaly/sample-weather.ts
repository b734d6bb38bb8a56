/** The context at a sensor's samples, as a healthy sensor's score must not follow it: uncorrelated columns. */
import { factorInPlace, packedIndex, solveLower } from '../../../core/statistics/solve-positive-definite.ts';
import { readContext } from './collect-residuals.ts';
import type { SensorSamples } from './sensor-samples.ts';
import { MILLISECONDS_PER_HOUR } from './sensor-series.ts';
import type { Timescales } from './timescales.ts';

/** Each context column, its square, and its means over the horizons with these indices. */
const MEANS = [1, 2] as const;
const PER_COLUMN = 2 + MEANS.length;
/** Share of a column's variance: keeps columns that hardly vary, or repeat others, from being blown up. */
const RIDGE = 0.01;

export function weatherSize(contextColumns: number): number {
  return PER_COLUMN * contextColumns;
}

/** [samples, weatherSize], each column centred over the sensor's samples. */
export function weatherAt({ sensor, times }: SensorSamples, timescales: Timescales): Float32Array {
  const columns = sensor.context.length;
  const size = weatherSize(columns);
  const rows = new Float32Array(times.length * size);
  const means = new Float64Array(columns * MEANS.length);
  let at = 0;
  for (let index = 0; index < sensor.observedAt.length && at < times.length; index++) {
    const time = sensor.observedAt[index]!;
    const elapsed = index === 0 ? Infinity : (time - sensor.observedAt[index - 1]!) / MILLISECONDS_PER_HOUR;
    for (const [lag, horizon] of MEANS.entries()) {
      const gain = 1 - Math.exp(-elapsed / timescales.horizonsHours[horizon]);
      for (let column = 0; column < columns; column++) {
        const mean = means[lag * columns + column]!;
        means[lag * columns + column] = mean + gain * (readContext(sensor, column, index) - mean);
      }
    }
    if (time !== times[at]) continue;
    for (let column = 0; column < columns; column++) {
      const value = readContext(sensor, column, index);
      rows[at * size + column] = value;
      rows[at * size + columns + column] = value * value;
    }
    rows.set(means, at * size + 2 * columns);
    at++;
  }
  centre(rows, size);
  return rows;
}

function centre(rows: Float32Array, size: number): void {
  const count = rows.length / size;
  for (let column = 0; column < size; column++) {
    let sum = 0;
    for (let at = column; at < rows.length; at += size) sum += rows[at]!;
    for (let at = column; at < rows.length; at += size) rows[at] = rows[at]! - sum / count;
  }
}

/** Turns rows, in place, into ones whose columns are uncorrelated and have a variance of one at most. */
export function whiten(rows: Float32Array, size: number): void {
  const count = rows.length / size;
  const covariance = new Float64Array(packedIndex(size, 0));
  for (let from = 0; from < rows.length; from += size) {
    for (let row = 0, at = 0; row < size; row++) {
      const value = rows[from + row]! / count;
      for (let column = 0; column <= row; column++, at++) {
        covariance[at] = covariance[at]! + value * rows[from + column]!;
      }
    }
  }
  for (let row = 0; row < size; row++) {
    const at = packedIndex(row, row);
    covariance[at] = covariance[at]! * (1 + RIDGE) + Number.EPSILON;
  }
  factorInPlace(covariance, size);
  const row = new Float64Array(size);
  for (let from = 0; from < rows.length; from += size) {
    for (let i = 0; i < size; i++) row[i] = rows[from + i]!;
    solveLower(covariance, size, row);
    rows.set(row, from);
  }
}

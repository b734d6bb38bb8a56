/**
 * Recursive least squares, one sensor at a time: its own level, and how it differs from the fleet in what the context
 * makes of it.
 *
 * The state holds sufficient statistics that decay with the hours learned from, so the coefficients equal
 * the closed-form weighted ridge solution at every refit, without the blow-up of a recursive covariance when
 * the weather stays dull. A reading counts by its precision: dry hours fix the level of a leakage current, wet ones
 * hardly move it.
 */
import {
  factorInPlace,
  multiplySymmetric,
  packedIndex,
  solveFactored,
} from '../../../core/statistics/solve-positive-definite.ts';
import type { Timescales } from './timescales.ts';

export interface RegressionPrior {
  /** Mean weighted product of centred regressors per reading over the population, [channels, packed]. */
  readonly gram: Float32Array;
  /** [channels, regressors]; the first, the level, is not used: each sensor has its own. */
  readonly coefficients: Float32Array;
}

/** Keeps the level solvable after one reading. */
const LEVEL_PRECISION = 1e-3;

export class ContextRegression {
  readonly stateSize: number;
  private readonly triangle: number;
  private readonly perChannel: number;
  private readonly factor: Float64Array;
  private readonly pull: Float64Array;
  private readonly product: Float64Array;

  /** State: hours learned, hours since the last refit; per channel regressor products, residual products, coefficients. */
  constructor(
    private readonly size: number,
    private readonly channels: number,
    private readonly prior: RegressionPrior,
    private readonly timescales: Timescales,
  ) {
    this.triangle = packedIndex(size, 0);
    this.perChannel = this.triangle + 2 * size;
    this.stateSize = 2 + channels * this.perChannel;
    this.factor = new Float64Array(this.triangle);
    this.pull = new Float64Array(size);
    this.product = new Float64Array(size);
  }

  initialise(state: Float32Array): void {
    state.fill(0);
    for (let channel = 0; channel < this.channels; channel++) {
      const first = this.coefficientsAt(channel);
      state.set(this.prior.coefficients.subarray(channel * this.size, (channel + 1) * this.size), first);
      // A level that is not a number marks a channel that has not been seen.
      state[first] = NaN;
    }
  }

  /** NaN for a channel that this sensor has never reported. */
  predict(state: Float32Array, channel: number, regressors: Float64Array): number {
    const first = this.coefficientsAt(channel);
    let sum = 0;
    for (let i = 0; i < this.size; i++) sum += state[first + i]! * regressors[i]!;
    return sum;
  }

  /** Sets a channel's level from its first value. */
  startLevel(state: Float32Array, channel: number, regressors: Float64Array, value: number): void {
    const first = this.coefficientsAt(channel);
    state[first] = 0;
    state[first] = value - this.predict(state, channel, regressors);
  }

  /**
   * @param residuals value minus prediction, one a channel; NaN for missing, which teaches nothing
   * @param weights of the reading, one a channel; 1 is usual
   */
  learn(
    state: Float32Array,
    regressors: Float64Array,
    residuals: Float64Array,
    weights: Float64Array,
    stepHours: number,
  ): void {
    const keep = Math.exp(-stepHours / this.timescales.forgettingHours);
    const { size } = this;
    for (let channel = 0; channel < this.channels; channel++) {
      const residual = residuals[channel]!;
      if (Number.isNaN(residual)) continue;
      const weight = weights[channel]!;
      let at = 2 + channel * this.perChannel;
      for (let row = 0; row < size; row++) {
        const value = weight * regressors[row]!;
        for (let column = 0; column <= row; column++, at++) {
          state[at] = keep * state[at]! + value * regressors[column]!;
        }
      }
      const pull = weight * residual;
      for (let i = 0; i < size; i++, at++) state[at] = keep * state[at]! + pull * regressors[i]!;
    }
    state[0] = state[0]! + stepHours;
    state[1] = state[1]! + stepHours;
    // A new sensor is solved often, at every doubling of what it has learned.
    if (state[1] < Math.min(this.timescales.refitHours, state[0] / 2)) return;
    state[1] = 0;
    for (let channel = 0; channel < this.channels; channel++) this.refit(state, channel);
  }

  /** Solves for the change of the coefficients, which keeps float32 sums accurate at any level. */
  private refit(state: Float32Array, channel: number): void {
    const { size, factor, triangle } = this;
    const coefficients = this.coefficientsAt(channel);
    if (Number.isNaN(state[coefficients]!)) return;
    const { priorReadings } = this.timescales;
    const from = 2 + channel * this.perChannel;
    const sums = from + triangle;
    const matrix = state.subarray(from, sums);
    const prior = this.prior.gram.subarray(channel * triangle, (channel + 1) * triangle);
    for (let i = 0; i < triangle; i++) factor[i] = matrix[i]! + priorReadings * prior[i]!;
    factor[0] = factor[0]! + LEVEL_PRECISION;
    if (!factorInPlace(factor, size)) return;
    const change = this.pull;
    for (let i = 0; i < size; i++) {
      change[i] = i === 0 ? 0 : this.prior.coefficients[channel * size + i]! - state[coefficients + i]!;
    }
    multiplySymmetric(prior, size, change, this.product);
    for (let i = 0; i < size; i++) change[i] = state[sums + i]! + priorReadings * this.product[i]!;
    solveFactored(factor, size, change);
    multiplySymmetric(matrix, size, change, this.product);
    for (let i = 0; i < size; i++) {
      state[sums + i] = state[sums + i]! - this.product[i]!;
      state[coefficients + i] = state[coefficients + i]! + change[i]!;
    }
  }

  private coefficientsAt(channel: number): number {
    return 2 + channel * this.perChannel + this.triangle + this.size;
  }
}

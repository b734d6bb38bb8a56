/**
 * Recursive least squares, one sensor at a time: what the context explains of every channel.
 *
 * The state holds sufficient statistics that decay with the hours learned from, so the coefficients equal
 * the closed-form weighted ridge solution at every refit, without the blow-up of a recursive covariance when
 * the weather stays dull. All channels share one matrix of regressors.
 */
import {
  factorInPlace,
  multiplySymmetric,
  packedIndex,
  solveFactored,
} from '../../../core/statistics/solve-positive-definite.ts';
import type { Timescales } from './timescales.ts';

export interface RegressionPrior {
  /** Mean product of centred regressors per reading over the population, packed; its first row is zero. */
  readonly gram: Float32Array;
  /** [channels, regressors]; the first, the level, is not used: each sensor has its own. */
  readonly coefficients: Float32Array;
}

/** Keeps the level solvable after one reading. */
const LEVEL_PRECISION = 1e-3;

export class ContextRegression {
  readonly stateSize: number;
  private readonly triangle: number;
  private readonly factor: Float64Array;
  private readonly pull: Float64Array;
  private readonly product: Float64Array;

  /** State: hours learned, hours since the last refit, regressor products, residual products, coefficients. */
  constructor(
    private readonly size: number,
    private readonly channels: number,
    private readonly prior: RegressionPrior,
    private readonly timescales: Timescales,
  ) {
    this.triangle = packedIndex(size, 0);
    this.stateSize = 2 + this.triangle + 2 * channels * size;
    this.factor = new Float64Array(this.triangle);
    this.pull = new Float64Array(size);
    this.product = new Float64Array(size);
  }

  initialise(state: Float32Array): void {
    state.fill(0);
    const first = this.coefficientsAt(0);
    state.set(this.prior.coefficients, first);
    // A level that is not a number marks a channel that has not been seen.
    for (let channel = 0; channel < this.channels; channel++) state[first + channel * this.size] = NaN;
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

  /** @param residuals value minus prediction, one a channel; NaN for missing, taken as predicted exactly */
  learn(state: Float32Array, regressors: Float64Array, residuals: Float64Array, stepHours: number): void {
    const keep = Math.exp(-stepHours / this.timescales.forgettingHours);
    const { size } = this;
    let at = 2;
    for (let row = 0; row < size; row++) {
      const value = regressors[row]!;
      for (let column = 0; column <= row; column++, at++) {
        state[at] = keep * state[at]! + value * regressors[column]!;
      }
    }
    for (let channel = 0; channel < this.channels; channel++) {
      const residual = Number.isNaN(residuals[channel]!) ? 0 : residuals[channel]!;
      for (let i = 0; i < size; i++, at++) state[at] = keep * state[at]! + residual * regressors[i]!;
    }
    state[0] = state[0]! + stepHours;
    state[1] = state[1]! + stepHours;
    // A new sensor is solved often, at every doubling of what it has learned.
    if (state[1] >= Math.min(this.timescales.refitHours, state[0] / 2)) this.refit(state);
  }

  /** Solves for the change of the coefficients, which keeps float32 sums accurate at any level. */
  private refit(state: Float32Array): void {
    const { size, factor, prior } = this;
    const { priorReadings } = this.timescales;
    state[1] = 0;
    for (let i = 0; i < this.triangle; i++) factor[i] = state[2 + i]! + priorReadings * prior.gram[i]!;
    factor[0] = factor[0]! + LEVEL_PRECISION;
    if (!factorInPlace(factor, size)) return;
    const matrix = state.subarray(2, 2 + this.triangle);
    for (let channel = 0; channel < this.channels; channel++) {
      const sums = this.residualSumsAt(channel);
      const coefficients = this.coefficientsAt(channel);
      if (Number.isNaN(state[coefficients]!)) continue;
      for (let i = 0; i < size; i++) {
        this.pull[i] = i === 0 ? 0 : prior.coefficients[channel * size + i]! - state[coefficients + i]!;
      }
      multiplySymmetric(prior.gram, size, this.pull, this.product);
      const change = this.pull;
      for (let i = 0; i < size; i++) change[i] = state[sums + i]! + priorReadings * this.product[i]!;
      solveFactored(factor, size, change);
      multiplySymmetric(matrix, size, change, this.product);
      for (let i = 0; i < size; i++) {
        state[sums + i] = state[sums + i]! - this.product[i]!;
        state[coefficients + i] = state[coefficients + i]! + change[i]!;
      }
    }
  }

  private residualSumsAt(channel: number): number {
    return 2 + this.triangle + channel * this.size;
  }

  private coefficientsAt(channel: number): number {
    return this.residualSumsAt(this.channels) + channel * this.size;
  }
}

/**
 * The learner: how a sensor's standardised residuals have looked lately, as a vector that means the same for
 * every sensor (exit `embedding`).
 */
import type { Timescales } from './timescales.ts';

export const HORIZONS = 4;
/** After the four means: trend, spread, then one response per context column. */
const TREND = HORIZONS;
export const SPREAD = HORIZONS + 1;
const RESPONSES = HORIZONS + 2;
/** The horizons whose difference is the trend. */
const [RECENT, LASTING] = [1, 3];
/** Spread and response are averaged over these horizons. */
const [SPREAD_HORIZON, RESPONSE_HORIZON] = [2, 3];
const SMALLEST_WEIGHT = 1e-6;

export function shapeSize(contextColumns: number): number {
  return RESPONSES + contextColumns;
}

/**
 * Means count each residual by its precision, as a shift of the level would show: in dry hours, when a leakage current
 * is known to a few per cent, and not in wet ones, when it is known to a factor of two.
 * State per channel: over four horizons the mean of residual × weight and of weight², then mean square, mean product
 * with each context column.
 */
export class ResidualShape {
  readonly stateSize: number;
  /** Features a channel. */
  readonly size: number;
  private readonly perChannel: number;
  private readonly gains = new Float64Array(HORIZONS);
  private gainsForHours = -1;

  constructor(
    private readonly channels: number,
    private readonly contextColumns: number,
    private readonly timescales: Timescales,
  ) {
    this.size = shapeSize(contextColumns);
    this.perChannel = 2 * HORIZONS + 1 + contextColumns;
    this.stateSize = channels * this.perChannel;
  }

  initialise(state: Float32Array): void {
    state.fill(0);
    for (let channel = 0; channel < this.channels; channel++) {
      const from = channel * this.perChannel + HORIZONS;
      // Weights and square of a usual reading.
      state.fill(1, from, from + HORIZONS + 1);
    }
  }

  /**
   * @param residuals standardised, one a channel, NaN for missing
   * @param weights one a channel: 1 for a reading of usual precision, 2 for one twice as precise
   * @param context standardised
   */
  update(
    state: Float32Array,
    residuals: Float64Array,
    weights: Float64Array,
    context: Float64Array,
    stepHours: number,
  ): void {
    this.prepareGains(stepHours);
    for (let channel = 0; channel < this.channels; channel++) {
      const residual = residuals[channel]!;
      if (Number.isNaN(residual)) continue;
      const weight = weights[channel]!;
      let at = channel * this.perChannel;
      for (let horizon = 0; horizon < HORIZONS; horizon++, at++) {
        const gain = this.gains[horizon]!;
        state[at] = state[at]! + gain * (residual * weight - state[at]!);
        state[at + HORIZONS] = state[at + HORIZONS]! + gain * (weight * weight - state[at + HORIZONS]!);
      }
      at += HORIZONS;
      state[at] = state[at]! + this.gains[SPREAD_HORIZON]! * (residual * residual - state[at]!);
      at++;
      const gain = this.gains[RESPONSE_HORIZON]!;
      for (let column = 0; column < this.contextColumns; column++, at++) {
        state[at] = state[at]! + gain * (residual * context[column]! - state[at]!);
      }
    }
  }

  mean(state: Float32Array, channel: number, horizon: number): number {
    const at = channel * this.perChannel + horizon;
    return state[at]! / Math.sqrt(state[at + HORIZONS]! + SMALLEST_WEIGHT);
  }

  /** Writes the features of every channel, each in units of its healthy spread, [channels, size]. */
  describe(state: Float32Array, scale: Float32Array, out: Float64Array | Float32Array): void {
    for (let channel = 0; channel < this.channels; channel++) {
      const from = channel * this.perChannel + 2 * HORIZONS;
      const to = channel * this.size;
      for (let horizon = 0; horizon < HORIZONS; horizon++) {
        out[to + horizon] = this.mean(state, channel, horizon) / scale[to + horizon]!;
      }
      const trend = this.mean(state, channel, RECENT) - this.mean(state, channel, LASTING);
      out[to + TREND] = trend / scale[to + TREND]!;
      out[to + SPREAD] = (0.5 * Math.log(state[from]! + 1e-6)) / scale[to + SPREAD]!;
      for (let column = 0; column < this.contextColumns; column++) {
        const index = to + RESPONSES + column;
        out[index] = state[from + 1 + column]! / scale[index]!;
      }
    }
  }

  private prepareGains(stepHours: number): void {
    if (stepHours === this.gainsForHours) return;
    this.gainsForHours = stepHours;
    for (let horizon = 0; horizon < HORIZONS; horizon++) {
      this.gains[horizon] = 1 - Math.exp(-stepHours / this.timescales.horizonsHours[horizon]!);
    }
  }
}

/**
 * The learner: how a sensor's standardised residuals have looked lately, as a vector that means the same for
 * every sensor (exit `embedding`).
 */
import type { Timescales } from './timescales.ts';

export const HORIZONS = 4;
/** After the four means: trend, spread, then one response per context column. */
const TREND = HORIZONS;
const SPREAD = HORIZONS + 1;
const RESPONSES = HORIZONS + 2;
/** The horizons whose difference is the trend. */
const [RECENT, LASTING] = [1, 3];
/** Spread and response are averaged over these horizons. */
const [SPREAD_HORIZON, RESPONSE_HORIZON] = [2, 3];

export function shapeSize(contextColumns: number): number {
  return RESPONSES + contextColumns;
}

/** State per channel: four moving means, mean square, mean product with each context column. */
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
    this.perChannel = HORIZONS + 1 + contextColumns;
    this.stateSize = channels * this.perChannel;
  }

  initialise(state: Float32Array): void {
    state.fill(0);
    for (let channel = 0; channel < this.channels; channel++) state[channel * this.perChannel + HORIZONS] = 1;
  }

  /** @param residuals standardised, one a channel, NaN for missing; @param context standardised */
  update(state: Float32Array, residuals: Float64Array, context: Float64Array, stepHours: number): void {
    this.prepareGains(stepHours);
    for (let channel = 0; channel < this.channels; channel++) {
      const residual = residuals[channel]!;
      if (Number.isNaN(residual)) continue;
      let at = channel * this.perChannel;
      for (let horizon = 0; horizon < HORIZONS; horizon++, at++) {
        state[at] = state[at]! + this.gains[horizon]! * (residual - state[at]!);
      }
      state[at] = state[at]! + this.gains[SPREAD_HORIZON]! * (residual * residual - state[at]!);
      at++;
      const gain = this.gains[RESPONSE_HORIZON]!;
      for (let column = 0; column < this.contextColumns; column++, at++) {
        state[at] = state[at]! + gain * (residual * context[column]! - state[at]!);
      }
    }
  }

  mean(state: Float32Array, channel: number, horizon: number): number {
    return state[channel * this.perChannel + horizon]!;
  }

  /** Writes the features of every channel, each in units of its healthy spread, [channels, size]. */
  describe(state: Float32Array, scale: Float32Array, out: Float64Array | Float32Array): void {
    for (let channel = 0; channel < this.channels; channel++) {
      const from = channel * this.perChannel;
      const to = channel * this.size;
      for (let horizon = 0; horizon < HORIZONS; horizon++) {
        out[to + horizon] = state[from + horizon]! / scale[to + horizon]!;
      }
      out[to + TREND] = (state[from + RECENT]! - state[from + LASTING]!) / scale[to + TREND]!;
      out[to + SPREAD] = (0.5 * Math.log(state[from + HORIZONS]! + 1e-6)) / scale[to + SPREAD]!;
      for (let column = 0; column < this.contextColumns; column++) {
        const index = to + RESPONSES + column;
        out[index] = state[from + HORIZONS + 1 + column]! / scale[index]!;
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

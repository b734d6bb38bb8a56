/** Turns weather and load, and their recent past, into what a healthy reading is predicted from. */

/** A context value further out is not believed, in standard deviations. */
export const CONTEXT_LIMIT = 8;

export interface ContextScaling {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /** What training saw of each column, in standard deviations from the mean. */
  readonly lowest: readonly number[];
  readonly highest: readonly number[];
}

/**
 * Per column its value and its moving means, standardised. They stay within what training saw, beyond which a
 * curve that was fitted inside says nothing. State per column: the moving means, NaN until the column was seen once.
 */
export class ContextFeatures {
  readonly size: number;
  readonly stateSize: number;
  /** Standardised values of the last `update`, one a column, also beyond what training saw. */
  readonly standardised: Float64Array;
  /** How far the last `update` lies outside of what training saw, in standard deviations. */
  novelty = 0;
  private readonly columns: number;
  private readonly gains: Float64Array;
  private gainsForHours = -1;

  constructor(
    private readonly scaling: ContextScaling,
    private readonly lagsHours: readonly number[],
  ) {
    this.columns = scaling.mean.length;
    this.size = this.columns * (1 + lagsHours.length);
    this.stateSize = this.columns * lagsHours.length;
    this.standardised = new Float64Array(this.columns);
    this.gains = new Float64Array(lagsHours.length);
  }

  /**
   * @param values one a column in its own unit, NaN for missing
   * @param out receives `size` features: all values, then all means over the first lag, and so on
   */
  update(state: Float32Array, values: Float64Array, elapsedHours: number, out: Float64Array): void {
    this.prepareGains(elapsedHours);
    const lags = this.lagsHours.length;
    this.novelty = 0;
    for (let column = 0; column < this.columns; column++) {
      const raw = (values[column]! - this.scaling.mean[column]!) / this.scaling.deviation[column]!;
      const first = column * lags;
      const value = this.remember(state, first, Math.max(-CONTEXT_LIMIT, Math.min(CONTEXT_LIMIT, raw)));
      this.standardised[column] = value;
      const known = this.inside(column, value);
      this.novelty += Math.abs(value - known);
      out[column] = known;
      for (let lag = 0; lag < lags; lag++) {
        const mean = state[first + lag]!;
        out[(1 + lag) * this.columns + column] = Number.isNaN(mean) ? 0 : this.inside(column, mean);
      }
    }
  }

  private inside(column: number, value: number): number {
    return Math.max(this.scaling.lowest[column]!, Math.min(this.scaling.highest[column]!, value));
  }

  /** Moves a column's means; a missing value is taken to be its middle mean, or the population's mean. */
  private remember(state: Float32Array, first: number, value: number): number {
    const lags = this.lagsHours.length;
    if (Number.isNaN(value)) {
      const usual = state[first + (lags >> 1)]!;
      return Number.isNaN(usual) ? 0 : usual;
    }
    for (let lag = 0; lag < lags; lag++) {
      const mean = state[first + lag]!;
      state[first + lag] = Number.isNaN(mean) ? value : mean + this.gains[lag]! * (value - mean);
    }
    return value;
  }

  private prepareGains(elapsedHours: number): void {
    if (elapsedHours === this.gainsForHours) return;
    this.gainsForHours = elapsedHours;
    for (let lag = 0; lag < this.gains.length; lag++) {
      this.gains[lag] = 1 - Math.exp(-elapsedHours / this.lagsHours[lag]!);
    }
  }
}

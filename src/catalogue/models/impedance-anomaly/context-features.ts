/** Turns weather and load, and their recent past, into the regressors that explain a healthy reading. */

/** Columns whose pairwise products are regressors; the number of products grows with its square. */
const MOST_COLUMNS_IN_PRODUCTS = 8;
/** A context value further out is no longer extrapolated, in standard deviations. */
const CONTEXT_LIMIT = 5;

export interface ContextScaling {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/**
 * Per column: value, square, three moving means; then products of pairs; first of all a constant 1.
 * State per column: the three moving means, NaN until the column was seen once.
 */
export class ContextFeatures {
  readonly size: number;
  readonly stateSize: number;
  /** Standardised values of the last `update`, one a column. */
  readonly standardised: Float64Array;
  private readonly columns: number;
  private readonly productColumns: number;
  private readonly gains: Float64Array;
  private gainsForHours = -1;

  constructor(
    private readonly scaling: ContextScaling,
    private readonly lagsHours: readonly number[],
  ) {
    this.columns = scaling.mean.length;
    this.productColumns = Math.min(this.columns, MOST_COLUMNS_IN_PRODUCTS);
    const products = (this.productColumns * (this.productColumns - 1)) / 2;
    this.size = 1 + this.columns * (2 + lagsHours.length) + products;
    this.stateSize = this.columns * lagsHours.length;
    this.standardised = new Float64Array(this.columns);
    this.gains = new Float64Array(lagsHours.length);
  }

  /** @param values one a column in its own unit, NaN for missing; @param out receives `size` regressors */
  update(state: Float32Array, values: Float64Array, elapsedHours: number, out: Float64Array): void {
    this.prepareGains(elapsedHours);
    const lags = this.lagsHours.length;
    let next = 0;
    out[next++] = 1;
    for (let column = 0; column < this.columns; column++) {
      const raw = (values[column]! - this.scaling.mean[column]!) / this.scaling.deviation[column]!;
      const first = column * lags;
      const value = this.remember(state, first, Math.max(-CONTEXT_LIMIT, Math.min(CONTEXT_LIMIT, raw)));
      this.standardised[column] = value;
      out[next++] = value;
      out[next++] = value * value;
      for (let lag = 0; lag < lags; lag++) out[next++] = Number.isNaN(state[first + lag]!) ? 0 : state[first + lag]!;
    }
    for (let left = 1; left < this.productColumns; left++) {
      for (let right = 0; right < left; right++) {
        out[next++] = this.standardised[left]! * this.standardised[right]!;
      }
    }
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

/** Turns weather and load, and their recent past, into the regressors that explain a healthy reading. */

/** Columns whose pairwise products are regressors; the number of products grows with its square. */
const MOST_COLUMNS_IN_PRODUCTS = 8;
/** A context value further out is not believed, in standard deviations. */
const CONTEXT_LIMIT = 8;

export interface ContextScaling {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /** What training saw of each column, in standard deviations from the mean. */
  readonly lowest: readonly number[];
  readonly highest: readonly number[];
}

/**
 * First a constant 1; per column value, square, moving means; then products of pairs. Outside of what training
 * saw, squares and products stay at its edge: there a curve that was fitted inside is only followed in a line.
 * State per column: the three moving means, NaN until the column was seen once.
 */
export class ContextFeatures {
  readonly size: number;
  readonly stateSize: number;
  /** Standardised values of the last `update`, one a column. */
  readonly standardised: Float64Array;
  /** How far the last `update` lies outside of what training saw, in standard deviations. */
  novelty = 0;
  private readonly inside: Float64Array;
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
    this.inside = new Float64Array(this.columns);
    this.gains = new Float64Array(lagsHours.length);
  }

  /** @param values one a column in its own unit, NaN for missing; @param out receives `size` regressors */
  update(state: Float32Array, values: Float64Array, elapsedHours: number, out: Float64Array): void {
    this.prepareGains(elapsedHours);
    const lags = this.lagsHours.length;
    let next = 0;
    this.novelty = 0;
    out[next++] = 1;
    for (let column = 0; column < this.columns; column++) {
      const raw = (values[column]! - this.scaling.mean[column]!) / this.scaling.deviation[column]!;
      const first = column * lags;
      const value = this.remember(state, first, Math.max(-CONTEXT_LIMIT, Math.min(CONTEXT_LIMIT, raw)));
      this.standardised[column] = value;
      const known = Math.max(this.scaling.lowest[column]!, Math.min(this.scaling.highest[column]!, value));
      this.inside[column] = known;
      this.novelty += Math.abs(value - known);
      out[next++] = value;
      out[next++] = known * known;
      for (let lag = 0; lag < lags; lag++)
        out[next++] = Number.isNaN(state[first + lag]!) ? 0 : state[first + lag]!;
    }
    for (let left = 1; left < this.productColumns; left++) {
      for (let right = 0; right < left; right++) {
        out[next++] = this.inside[left]! * this.inside[right]!;
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

/**
 * Notices columns that cannot be believed for a while: a station that repeats its last value, or is silent.
 * What counts as repeating too long is learned per column: rain stays at zero for days, air does not.
 */
import { quantile } from '../../../core/statistics/quantile.ts';
import { MILLISECONDS_PER_HOUR } from './sensor-series.ts';

/** A column is stale after this many times the longest usual repetition, and at least some readings. */
const MARGIN = 2;
const FEWEST_READINGS = 4;
const USUAL_QUANTILE = 0.998;

/** State per column: value that repeats, hours that it has repeated, hours that it has been missing. */
const PER_COLUMN = 3;

export class StaleColumns {
  readonly stateSize: number;

  /** @param limitsHours one a column; Infinity for a column that may repeat for ever, null in stored models */
  constructor(
    private readonly limitsHours: readonly (number | null)[],
    /** A column that is missing for longer than this is taken for absent, and is believed to be. */
    private readonly absentAfterHours: number,
  ) {
    this.stateSize = limitsHours.length * PER_COLUMN;
  }

  initialise(state: Float32Array): void {
    for (let at = 0; at < state.length; at += PER_COLUMN) {
      state[at] = NaN;
      state[at + 1] = 0;
      state[at + 2] = this.absentAfterHours;
    }
  }

  /** Replaces stale values by NaN; returns whether any column has just gone silent or stale. */
  update(state: Float32Array, values: Float64Array, elapsedHours: number): boolean {
    let unreliable = false;
    for (let column = 0; column < values.length; column++) {
      const at = column * PER_COLUMN;
      // The state is float32: so must be what is compared with it.
      const value = Math.fround(values[column]!);
      if (Number.isNaN(value)) {
        state[at + 2] = Math.min(this.absentAfterHours, state[at + 2]! + elapsedHours);
        if (state[at + 2]! < this.absentAfterHours) unreliable = true;
        continue;
      }
      state[at + 2] = 0;
      state[at + 1] = value === state[at] ? state[at + 1]! + elapsedHours : 0;
      state[at] = value;
      if (state[at + 1]! > (this.limitsHours[column] ?? Infinity)) {
        values[column] = NaN;
        unreliable = true;
      }
    }
    return unreliable;
  }
}

/** @returns hours after which a repeating value is stale; null where long repetition is usual */
export function measureStaleLimit(
  histories: readonly { readonly observedAt: Float64Array; readonly column: ArrayLike<number> }[],
  intervalHours: number,
  longestHours: number,
): number | null {
  const runs: number[] = [];
  for (const { observedAt, column } of histories) {
    let start = 0;
    for (let i = 1; i < column.length; i++) {
      if (column[i] === column[start]) continue;
      if (!Number.isNaN(column[start]!)) {
        runs.push((observedAt[i - 1]! - observedAt[start]!) / MILLISECONDS_PER_HOUR);
      }
      start = i;
    }
  }
  // A column that never changes tells nothing and is never stale.
  if (runs.length === 0) return null;
  const limit = Math.max(MARGIN * quantile(runs, USUAL_QUANTILE), FEWEST_READINGS * intervalHours);
  return limit < longestHours ? limit : null;
}

import { describe, expect, it } from 'vitest';
import { measureStaleLimit, StaleColumns } from './stale-columns.ts';

describe('StaleColumns', () => {
  it('takes a value for missing once it has repeated for too long', () => {
    const stale = new StaleColumns([1, null], 24);
    const state = new Float32Array(stale.stateSize);
    stale.initialise(state);
    const seen = Array.from({ length: 10 }, () => {
      const values = Float64Array.of(21.9, 0);
      return [stale.update(state, values, 0.25), values[0], values[1]];
    });
    expect(seen[4]).toEqual([false, 21.9, 0]);
    expect(seen[5]).toEqual([true, NaN, 0]);
  });

  it('distrusts a column that went silent, until it has been absent for long', () => {
    const stale = new StaleColumns([null], 3);
    const state = new Float32Array(stale.stateSize);
    stale.initialise(state);
    stale.update(state, Float64Array.of(1), 1);
    const silent = Array.from({ length: 4 }, () => stale.update(state, Float64Array.of(NaN), 1));
    expect(silent).toEqual([true, true, false, false]);
  });
});

describe('measureStaleLimit', () => {
  it('lets rain stay at zero for days, and air for minutes', () => {
    const observedAt = Float64Array.from({ length: 5000 }, (_, i) => i * 600_000);
    const rain = observedAt.map((_, i) => (i % 1000 === 0 ? 1 : 0));
    const air = observedAt.map((_, i) => Math.round(i / 2) / 10);
    expect(measureStaleLimit([{ observedAt, column: rain }], 1 / 6, 17)).toBeNull();
    expect(measureStaleLimit([{ observedAt, column: air }], 1 / 6, 17)).toBeCloseTo(4 / 6, 6);
  });
});

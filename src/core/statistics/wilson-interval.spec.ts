/** Wilson intervals against published numbers. */
import { describe, expect, it } from 'vitest';
import { wilsonInterval } from './wilson-interval.ts';

describe('wilsonInterval', () => {
  it.each([
    [45, 50, 0.786, 0.957],
    [90, 100, 0.826, 0.945],
    [450, 500, 0.871, 0.923],
  ])('gives the known bounds for %d of %d', (count, trials, lower, upper) => {
    const interval = wilsonInterval(count, trials);
    expect(interval.lower).toBeCloseTo(lower, 3);
    expect(interval.upper).toBeCloseTo(upper, 3);
  });

  it('stays inside 0 and 1 and says nothing where nothing was tried', () => {
    expect(wilsonInterval(0, 20).lower).toBe(0);
    expect(wilsonInterval(20, 20).upper).toBe(1);
    expect(wilsonInterval(0, 0)).toEqual({ lower: 0, upper: 1 });
  });
});

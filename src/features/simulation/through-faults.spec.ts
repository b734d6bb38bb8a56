import { describe, expect, it } from 'vitest';
import { createRandom } from '../../core/statistics/random.ts';
import { createThroughFaults } from './through-faults.ts';

describe('through-faults', () => {
  const next = createThroughFaults(createRandom(1), 60, 1);
  const YEARS = 50;
  const faults = Array.from({ length: YEARS * 8766 }, next).filter((part) => part > 0);

  it('come as often as they are asked to', () => {
    // Four standard errors of a Poisson count.
    expect(Math.abs(faults.length - 60 * YEARS)).toBeLessThan(4 * Math.sqrt(60 * YEARS));
  });

  it('are slight for the most part and now and then heavy', () => {
    const sorted = faults.sort((left, right) => left - right);
    expect(sorted[0]).toBeGreaterThanOrEqual(0.05);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(0.1);
    expect(sorted.at(-1)).toBe(1);
  });
});

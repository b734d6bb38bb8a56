import { describe, expect, it } from 'vitest';
import { createRandom } from '../../core/statistics/random.ts';
import { createSensorClock } from './sensor-clock.ts';

const STEP_MS = 600_000;
const aheadOf = (seed: number, clock: { offsetSecond: number; ratePartsPerMillion: number }) => {
  const ahead = createSensorClock(createRandom(seed), clock);
  return Array.from({ length: 90 * 144 }, (_, step) => ahead(step * STEP_MS));
};

describe('the clock of a sensor', () => {
  it('runs on at its rate and is set once in 30 days', () => {
    for (let seed = 0; seed < 20; seed++) {
      const course = aheadOf(seed, { offsetSecond: 5, ratePartsPerMillion: 20 });
      const jumps = course.slice(1).filter((ahead, step) => Math.abs(ahead - course[step]!) > 1);
      expect(jumps.length).toBeLessThanOrEqual(3);
    }
    // 1 ppm is 2.6 s in 30 days.
    const course = aheadOf(3, { offsetSecond: 0, ratePartsPerMillion: 20 });
    expect(Math.max(...course) - Math.min(...course)).toBeGreaterThan(5);
  });

  it('keeps readings in order and apart, however bad it is', () => {
    for (let seed = 0; seed < 50; seed++) {
      const course = aheadOf(seed, { offsetSecond: 1000, ratePartsPerMillion: 500 });
      const apartSecond = course.slice(1).map((ahead, step) => 600 + ahead - course[step]!);
      expect(apartSecond.every((second) => second > 0)).toBe(true);
    }
  });

  it('is right where the profile has no clock errors', () => {
    expect(new Set(aheadOf(1, { offsetSecond: 0, ratePartsPerMillion: 0 }))).toEqual(new Set([0]));
  });
});

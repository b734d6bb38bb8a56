import { describe, expect, it } from 'vitest';
import { solarHour } from '../../core/physics/solar-position.ts';
import { createRandom } from '../../core/statistics/random.ts';
import { createLoad } from './load.ts';

const LONGITUDE_DEG = -98.6;
// A Saturday, midnight on the spot.
const startMs = Date.parse('2025-03-01T06:34:24Z');
const load = createLoad(createRandom(1), LONGITUDE_DEG, 1 / 6);
const course = Array.from({ length: 364 * 144 }, (_, step) => {
  const atMs = startMs + step * 600_000;
  return { ampere: load(atMs), hour: solarHour(atMs, LONGITUDE_DEG), weekday: Math.floor(step / 144) % 7 };
});
const meanWhere = (wanted: (at: (typeof course)[number]) => boolean) => {
  const chosen = course.filter(wanted);
  return chosen.reduce((sum, at) => sum + at.ampere, 0) / chosen.length;
};

describe('the load of a line', () => {
  it('is higher in the evening than at night, by more than half', () => {
    const evening = meanWhere((at) => Math.abs(at.hour - 18.5) < 1);
    expect(evening / meanWhere((at) => Math.abs(at.hour - 3) < 1)).toBeGreaterThan(1.5);
  });

  it('is lower at the weekend', () => {
    const weekend = meanWhere((at) => at.weekday < 2);
    const workingDays = meanWhere((at) => at.weekday >= 2);
    // 0.8 to 1.05, give or take what a year of noise and switching leaves.
    expect(Math.abs(weekend / workingDays - 0.8 / 1.05)).toBeLessThan(0.05);
  });

  it('stays between empty and the protection', () => {
    for (const { ampere } of course) {
      expect(ampere).toBeGreaterThanOrEqual(80);
      expect(ampere).toBeLessThanOrEqual(900);
    }
  });

  it('steps when the network around is switched', () => {
    const steps = course
      .slice(1)
      .filter((at, index) => Math.abs(at.ampere / course[index]!.ampere - 1) > 0.2);
    expect(steps.length).toBeGreaterThan(10);
  });
});

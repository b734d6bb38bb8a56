import { describe, expect, it } from 'vitest';
import { excessOf } from './measure-on-unseen.ts';

describe('excessOf', () => {
  it('says how many times as many false alarms came as were allowed', () => {
    // 20 where 4 were allowed, one more on either side.
    expect(excessOf({ falseAlarms: 20, sensorYears: 8 }, 0.5)).toBeCloseTo(21 / 5, 12);
  });

  it('lowers nothing where as many came as were allowed, or fewer', () => {
    expect(excessOf({ falseAlarms: 4, sensorYears: 8 }, 0.5)).toBe(1);
    expect(excessOf({ falseAlarms: 0, sensorYears: 30 }, 0.5)).toBe(1);
  });

  it('makes little of one false alarm in a short history, and nothing of no history', () => {
    expect(excessOf({ falseAlarms: 1, sensorYears: 0.1 }, 0.5)).toBeLessThan(2);
    expect(excessOf({ falseAlarms: 0, sensorYears: 0 }, 0.5)).toBe(1);
  });
});

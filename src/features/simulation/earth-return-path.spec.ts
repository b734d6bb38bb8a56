import { describe, expect, it } from 'vitest';
import { EarthReturnPath } from './earth-return-path.ts';

describe('the earth under a line', () => {
  const earth = new EarthReturnPath();
  const after = (hours: number, rainMillimetrePerHour: number) => {
    for (let hour = 0; hour < hours; hour++) earth.step(rainMillimetrePerHour, 1);
    return earth.reactanceOhmPerMetre * 1000;
  };

  it('loses up to 0.026 ohm per kilometre of reactance in rain, and gets it back in dry weeks', () => {
    const dry = after(60 * 24, 0);
    const wet = after(100, 5);
    // From 100 to 50 ohm metre: 0.0754·ln(sqrt(2)).
    expect(dry - wet).toBeGreaterThan(0.024);
    expect(dry - wet).toBeLessThan(0.0262);
    expect(after(60 * 24, 0)).toBeCloseTo(dry, 4);
  });
});

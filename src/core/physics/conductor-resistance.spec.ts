import { describe, expect, it } from 'vitest';
import { drake } from './conductor.ts';
import { conductorResistanceOhmPerMetre } from './conductor-resistance.ts';

describe('conductorResistanceOhmPerMetre', () => {
  it('gives the 9.390e-5 ohm per metre of Drake at 100 °C (IEEE 738)', () => {
    expect(conductorResistanceOhmPerMetre(drake, 100)).toBeCloseTo(9.39e-5, 8);
  });

  it('rises by 27 % from -10 to 60 °C of its value at 25 °C', () => {
    const swing = conductorResistanceOhmPerMetre(drake, 60) - conductorResistanceOhmPerMetre(drake, -10);
    expect(swing / conductorResistanceOhmPerMetre(drake, 25)).toBeCloseTo(0.27, 2);
  });
});

import { describe, expect, it } from 'vitest';
import { drake } from './conductor.ts';
import { conductorResistanceOhmPerMetre } from './conductor-resistance.ts';
import { strandDamageOhm } from './strand-damage.ts';

const share = (brokenStrands: number, celsius: number) =>
  strandDamageOhm(drake, { brokenStrands }, celsius) / (300 * conductorResistanceOhmPerMetre(drake, celsius));

describe('broken strands', () => {
  it('add 0.087 % to a span of 300 m where 3 of 26 are broken, and 0.42 % where 10 are', () => {
    expect(share(3, 25)).toBeCloseTo(0.00087, 5);
    expect(share(10, 25)).toBeCloseTo(0.0042, 4);
  });

  it('add the same share at any temperature, so that weather cannot show them', () => {
    expect(share(5, 70)).toBeCloseTo(share(5, -10), 12);
  });
});

import { describe, expect, it } from 'vitest';
import { drake } from './conductor.ts';
import { conductorResistanceOhmPerMetre } from './conductor-resistance.ts';
import { lineReactanceOhmPerMetre } from './line-reactance.ts';

describe('lineReactanceOhmPerMetre', () => {
  it('gives 0.484 ohm per kilometre for Drake at 7 m and 60 Hz', () => {
    expect(lineReactanceOhmPerMetre(drake, 7, 60) * 1000).toBeCloseTo(0.484, 3);
  });

  it('is 1/0.15 of the resistance at 25 °C', () => {
    const ratio = conductorResistanceOhmPerMetre(drake, 25) / lineReactanceOhmPerMetre(drake, 7, 60);
    expect(ratio).toBeCloseTo(0.15, 2);
  });
});

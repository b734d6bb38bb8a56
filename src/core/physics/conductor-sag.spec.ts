import { describe, expect, it } from 'vitest';
import { conductorLengthMetre, sagMetre } from './conductor-sag.ts';

const stringing = { sagMetre: 6, celsius: 15 };

describe('sagMetre', () => {
  it('is that of the stringing at its temperature', () => {
    expect(sagMetre(300, stringing, 15)).toBeCloseTo(6, 9);
  });

  it('goes from 6 m to 7.6 m in 35 K and to 9.0 m in 70 K on 300 m', () => {
    // The reference prints one decimal.
    expect(Math.abs(sagMetre(300, stringing, 50) - 7.6)).toBeLessThan(0.05);
    expect(Math.abs(sagMetre(300, stringing, 85) - 9.0)).toBeLessThan(0.05);
  });

  it('is nothing where frost takes up all slack', () => {
    expect(sagMetre(300, { sagMetre: 1, celsius: 15 }, -60)).toBe(0);
  });

  it('hangs 0.32 m more of conductor than a straight span of 300 m', () => {
    expect(conductorLengthMetre(300, 6) - 300).toBeCloseTo(0.32, 9);
  });
});

import { describe, expect, it } from 'vitest';
import { drake } from './conductor.ts';
import { jointContactOhm, jointRatio } from './joint-ratio.ts';

describe('the ratio of a joint', () => {
  it('moves a span of 300 m and 21.8 milliohm by 0.37 % at 2 and by 0.64 % at 3', () => {
    expect(jointContactOhm(drake, 2) / 0.0218).toBeCloseTo(0.0037, 4);
    expect(jointContactOhm(drake, 3) / 0.0218).toBeCloseTo(0.0064, 3);
  });

  it('comes back from the resistance', () => {
    expect(jointRatio(drake, jointContactOhm(drake, 2.7))).toBeCloseTo(2.7, 12);
    expect(jointRatio(drake, 0)).toBe(0.6);
  });
});

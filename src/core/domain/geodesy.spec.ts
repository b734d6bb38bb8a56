import { describe, expect, it } from 'vitest';
import { distanceMetre } from './geodesy.ts';

describe('distance on the ground', () => {
  it('is 111.2 km for a degree of latitude', () => {
    const from = { latitudeDeg: 50, longitudeDeg: 8 };
    // 2 * pi * 6371009 / 360
    expect(distanceMetre(from, { latitudeDeg: 51, longitudeDeg: 8 })).toBeCloseTo(111_195.08, 1);
  });

  it('shrinks with the cosine of latitude for a degree of longitude', () => {
    const from = { latitudeDeg: 60, longitudeDeg: 8 };
    const metre = distanceMetre(from, { latitudeDeg: 60, longitudeDeg: 8.001 });
    expect(metre).toBeCloseTo(111.195 * 0.5, 2);
  });
});

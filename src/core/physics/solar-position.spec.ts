import { describe, expect, it } from 'vitest';
import { dayOfYear, sineSolarElevation, solarHour, solarWattPerSquareMetre } from './solar-position.ts';

const elevationDeg = (iso: string, latitude: number, longitude: number) =>
  (Math.asin(sineSolarElevation(Date.parse(iso), latitude, longitude)) * 180) / Math.PI;

describe('the sun', () => {
  it('stands overhead on the equator at noon of the equinox', () => {
    expect(elevationDeg('2025-03-20T12:00:00Z', 0, 0)).toBeGreaterThan(89);
  });

  it('stands 90 - latitude + 23.45 degrees high at noon of midsummer', () => {
    expect(Math.abs(elevationDeg('2025-06-21T12:00:00Z', 40, 0) - 73.45)).toBeLessThan(0.1);
  });

  it('is below the horizon at midnight', () => {
    expect(elevationDeg('2025-06-21T00:00:00Z', 40, 0)).toBeLessThan(0);
  });

  it('is due south at 18:00 UTC on 90 degrees west', () => {
    expect(solarHour(Date.parse('2025-06-21T18:00:00Z'), -90)).toBeCloseTo(12, 9);
  });

  it('counts days from the first of January', () => {
    expect(dayOfYear(Date.parse('2025-02-01T12:00:00Z'))).toBe(31.5);
  });
});

describe('solarWattPerSquareMetre', () => {
  it('is 880 under a clear zenith sun, a quarter of it under full cloud, nothing at night', () => {
    expect(solarWattPerSquareMetre(1, 0)).toBe(880);
    expect(solarWattPerSquareMetre(1, 1)).toBe(220);
    expect(solarWattPerSquareMetre(-0.3, 0)).toBe(0);
  });
});

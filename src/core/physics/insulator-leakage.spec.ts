import { describe, expect, it } from 'vitest';
import {
  leakageMilliampere,
  soundString,
  stepPollution,
  string230Kilovolt,
  surfaceMicrosiemens,
  surfaceWetness,
} from './insulator-leakage.ts';

const leakage = (microsiemens: number) => leakageMilliampere(string230Kilovolt, microsiemens, 1, soundString);

describe('leakageMilliampere', () => {
  it('is 0.14 mA, capacitive only, where dry and clean', () => {
    expect(leakage(0)).toBeCloseTo(0.143, 3);
  });

  it('is 1.4, 13.6, 68 and 136 mA at 0.1, 1, 5 and 10 microsiemens', () => {
    const expected = [
      [0.1, 1.36],
      [1, 13.6],
      [5, 67.8],
      [10, 135.5],
    ] as const;
    for (const [microsiemens, milliampere] of expected) {
      expect(Math.abs(leakage(microsiemens) / milliampere - 1)).toBeLessThan(0.01);
    }
  });

  it('rises by 7.7 % with one of 14 discs shorted and by 27 % with three, in dry weather too', () => {
    const ratio = (shortedDiscs: number) =>
      leakageMilliampere(string230Kilovolt, 0, 0, { shortedDiscs, wetGain: 1 }) / leakage(0);
    expect(ratio(1)).toBeCloseTo(14 / 13, 6);
    expect(ratio(3)).toBeCloseTo(14 / 11, 6);
  });

  it('answers more steeply to wetness on a damaged string', () => {
    const damage = { shortedDiscs: 1, wetGain: 1.6 };
    const ratio = (wetness: number) =>
      leakageMilliampere(string230Kilovolt, wetness, wetness, damage) /
      leakageMilliampere(string230Kilovolt, wetness, wetness, soundString);
    expect(ratio(1)).toBeGreaterThan(1.5 * ratio(0));
  });
});

describe('surfaceWetness', () => {
  const dryAir = { humidityPercent: 40, aboveDewPointKelvin: 12, rainMillimetrePerHour: 0 };

  it('is next to nothing in dry air', () => {
    expect(surfaceWetness(dryAir)).toBeLessThan(0.001);
  });

  it('takes off at about 75 % of humidity', () => {
    const at = (humidityPercent: number) => surfaceWetness({ ...dryAir, humidityPercent });
    expect(at(85) / at(60)).toBeGreaterThan(20);
  });

  it('is high under dew and higher in rain', () => {
    const dew = surfaceWetness({ humidityPercent: 97, aboveDewPointKelvin: -0.5, rainMillimetrePerHour: 0 });
    const rain = surfaceWetness({ humidityPercent: 97, aboveDewPointKelvin: 1, rainMillimetrePerHour: 3 });
    expect(dew).toBeGreaterThan(0.6);
    expect(rain).toBeGreaterThan(dew);
  });
});

describe('stepPollution', () => {
  it('reaches the heavy deposit in 50 dry days', () => {
    expect(stepPollution(0, 0, 50 * 24)).toBeCloseTo(0.1, 9);
  });

  it('is washed off by hard rain but not by drizzle', () => {
    expect(stepPollution(0.1, 5, 6)).toBeLessThan(0.02);
    expect(stepPollution(0.1, 0.4, 6)).toBeGreaterThan(0.1);
  });

  it('makes long rain raise the current first and lower it later', () => {
    let pollution = 0.05;
    const course: number[] = [];
    for (let step = 0; step < 36; step++) {
      const wetness = surfaceWetness({
        humidityPercent: 92,
        aboveDewPointKelvin: 1,
        rainMillimetrePerHour: Math.min(4, step * 0.4),
      });
      pollution = stepPollution(pollution, Math.min(4, step * 0.4), 1 / 6);
      course.push(leakage(surfaceMicrosiemens(pollution, wetness)));
    }
    const peak = course.indexOf(Math.max(...course));
    expect(peak).toBeGreaterThan(2);
    expect(peak).toBeLessThan(30);
    expect(course.at(-1)).toBeLessThan(0.5 * course[peak]!);
  });
});

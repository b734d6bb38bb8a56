import { describe, expect, it } from 'vitest';
import { solarHour } from '../../core/physics/solar-position.ts';
import { createRandom } from '../../core/statistics/random.ts';
import { createLineWeather, createRegionalWeather } from './weather.ts';

const place = { latitudeDeg: 38.4, longitudeDeg: -98.6 };
const STEPS_A_DAY = 144;
const startMs = Date.parse('2025-01-01T00:00:00Z');
const region = createRegionalWeather(createRandom(1).fork('region'), place, 1 / 6);
const near = createLineWeather(createRandom(1).fork('line'), 1 / 6);
/** A whole year. */
const course = Array.from({ length: 365 * STEPS_A_DAY }, (_, step) => {
  const atMs = startMs + step * 600_000;
  const weather = region(atMs);
  return { weather, line: near(weather), hour: solarHour(atMs, place.longitudeDeg), day: step / STEPS_A_DAY };
});

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const airWhere = (wanted: (at: (typeof course)[number]) => boolean) =>
  mean(course.filter(wanted).map((at) => at.weather.airCelsius));

describe('the weather of a region', () => {
  it('has summers some 25 K above its winters', () => {
    const swing = airWhere((at) => at.day > 170 && at.day < 230) - airWhere((at) => at.day < 60);
    expect(swing).toBeGreaterThan(20);
    expect(swing).toBeLessThan(32);
  });

  it('has afternoons some 9 K above its early mornings', () => {
    const swing = airWhere((at) => Math.abs(at.hour - 15) < 1) - airWhere((at) => Math.abs(at.hour - 4) < 1);
    expect(swing).toBeGreaterThan(5);
    expect(swing).toBeLessThan(13);
  });

  it('rains at times, for hours on end, in damp air', () => {
    const wet = course.filter((at) => at.weather.rainMillimetrePerHour > 0.2);
    expect(wet.length / course.length).toBeGreaterThan(0.02);
    expect(wet.length / course.length).toBeLessThan(0.12);
    const yearMillimetre = course.reduce((sum, at) => sum + at.weather.rainMillimetrePerHour / 6, 0);
    expect(yearMillimetre).toBeGreaterThan(400);
    expect(yearMillimetre).toBeLessThan(1800);
    expect(mean(wet.map((at) => at.weather.humidityPercent))).toBeGreaterThan(80);
  });

  it('keeps every quantity within what instruments see', () => {
    const extremes = (name: keyof (typeof course)[number]['line']) => {
      const values = course.map(({ line }) => line[name]);
      return {
        lowest: values.reduce((a, b) => Math.min(a, b)),
        highest: values.reduce((a, b) => Math.max(a, b)),
      };
    };
    expect(extremes('airCelsius').lowest).toBeGreaterThan(-40);
    expect(extremes('airCelsius').highest).toBeLessThan(50);
    expect(course.every(({ line }) => line.dewPointCelsius < line.airCelsius)).toBe(true);
    expect(extremes('humidityPercent').lowest).toBeGreaterThan(5);
    expect(extremes('humidityPercent').highest).toBeLessThanOrEqual(100);
    expect(extremes('windMetrePerSecond').lowest).toBeGreaterThan(0);
    expect(extremes('windMetrePerSecond').highest).toBeLessThan(40);
    expect(extremes('solarWattPerSquareMetre').lowest).toBeGreaterThanOrEqual(0);
    expect(extremes('solarWattPerSquareMetre').highest).toBeLessThan(1200);
  });

  it('is nearly, but not wholly, the weather of a line in it', () => {
    const gaps = course.map(({ weather, line }) => Math.abs(weather.airCelsius - line.airCelsius));
    expect(mean(gaps)).toBeGreaterThan(0.1);
    expect(mean(gaps)).toBeLessThan(1.5);
  });
});

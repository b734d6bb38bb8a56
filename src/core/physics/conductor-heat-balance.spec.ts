import { describe, expect, it } from 'vitest';
import {
  airConductivity,
  airDensity,
  airViscosity,
  ampacityAmpere,
  conductorHeat,
  steadyConductorCelsius,
  stepConductorCelsius,
  windReynolds,
} from './conductor-heat-balance.ts';
import { drake } from './conductor.ts';
import { conductorResistanceOhmPerMetre } from './conductor-resistance.ts';

/** The worked example of IEEE 738: Drake at 100 °C, air at 40 °C, 0.61 m/s across, sea level. */
const example = {
  airCelsius: 40,
  windMetrePerSecond: 0.61,
  windAngleDegree: 90,
  // 1027 W/m² at a sun 76.1° high.
  solarWattPerSquareMetre: 1027 * Math.sin((76.1 * Math.PI) / 180),
  elevationMetre: 0,
};
const filmCelsius = 70;

describe('the worked example of IEEE 738', () => {
  const heat = conductorHeat(drake, 100, example);
  // Each bound is what the standard's own rounding of its intermediate figures allows.
  it('has an air density of 1.029 kg/m³', () => {
    expect(Math.abs(airDensity(filmCelsius, 0) - 1.029)).toBeLessThan(0.0005);
  });
  it('has an air viscosity of 2.043e-5 kg/(m s)', () => {
    expect(Math.abs(airViscosity(filmCelsius) - 2.043e-5)).toBeLessThan(0.0005e-5);
  });
  it('has an air conductivity of 0.02945 W/(m K)', () => {
    expect(Math.abs(airConductivity(filmCelsius) - 0.02945)).toBeLessThan(0.000005);
  });
  it('has a Reynolds number of 865', () => {
    expect(Math.abs(windReynolds(drake, 100, example) - 865)).toBeLessThan(1);
  });
  it('loses 42.4 W/m by natural convection', () => {
    expect(Math.abs(heat.naturalConvection - 42.4)).toBeLessThan(0.05);
  });
  it('loses 81.93 W/m by forced convection', () => {
    expect(Math.abs(heat.forcedConvection - 81.93)).toBeLessThan(0.2);
  });
  it('loses 39.1 W/m by radiation', () => {
    expect(Math.abs(heat.radiation - 39.1)).toBeLessThan(0.05);
  });
  it('gains 22.44 W/m from the sun', () => {
    expect(Math.abs(heat.sun - 22.44)).toBeLessThan(0.01);
  });
  it('has a resistance of 9.390e-5 ohm per metre', () => {
    expect(Math.abs(conductorResistanceOhmPerMetre(drake, 100) - 9.39e-5)).toBeLessThan(0.0005e-5);
  });
  it('carries 1025 A, within 0.5 %', () => {
    expect(Math.abs(ampacityAmpere(drake, 100, example) / 1025 - 1)).toBeLessThan(0.005);
  });
});

describe('steadyConductorCelsius', () => {
  it('is the inverse of the ampacity', () => {
    expect(steadyConductorCelsius(drake, ampacityAmpere(drake, 100, example), example)).toBeCloseTo(100, 4);
  });

  it('is the air temperature without current and sun', () => {
    const night = { ...example, solarWattPerSquareMetre: 0 };
    expect(steadyConductorCelsius(drake, 0, night)).toBeCloseTo(40, 3);
  });
});

describe('stepConductorCelsius', () => {
  it('ends at the steady temperature', () => {
    let celsius = 40;
    for (let step = 0; step < 60; step++) celsius = stepConductorCelsius(drake, celsius, 800, example, 600);
    expect(celsius).toBeCloseTo(steadyConductorCelsius(drake, 800, example), 3);
  });

  it('covers 63 % of a small step in 5 to 20 min', () => {
    const from = steadyConductorCelsius(drake, 800, example);
    const to = steadyConductorCelsius(drake, 850, example);
    const reached = (minutes: number) =>
      (stepConductorCelsius(drake, from, 850, example, minutes * 60) - from) / (to - from);
    expect(reached(5)).toBeLessThan(0.63);
    expect(reached(20)).toBeGreaterThan(0.63);
  });

  it('errs by less than 0.5 K in one step of 10 min against steps of 10 s', () => {
    let fine = 60;
    for (let step = 0; step < 60; step++) fine = stepConductorCelsius(drake, fine, 700, example, 10);
    expect(Math.abs(stepConductorCelsius(drake, 60, 700, example, 600) - fine)).toBeLessThan(0.5);
  });

  it('cools when rain sets in', () => {
    const dry = steadyConductorCelsius(drake, 800, example);
    expect(steadyConductorCelsius(drake, 800, { ...example, rainMillimetrePerHour: 10 })).toBeLessThan(
      dry - 2,
    );
  });

  it('warms a conductor that is colder than the air', () => {
    const night = { ...example, solarWattPerSquareMetre: 0 };
    expect(stepConductorCelsius(drake, 30, 0, night, 600)).toBeGreaterThan(30);
  });
});

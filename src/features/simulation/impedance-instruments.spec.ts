/** The errors of the instruments, each by itself: on a line whose truth does not change, whatever changes is the instrument. */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../core/statistics/random.ts';
import { ImpedanceInstruments } from './impedance-instruments.ts';
import { fieldProfile } from './profile.ts';

const SENSORS = 200;
const DAYS = 60;
const STEPS = DAYS * 144;
const truth = { resistance: 0.0218, reactance: 0.145, leakage: 0.5, load: 430 };

/** As much of a line as instruments read. */
const still = {
  loadAmpere: truth.load,
  spans: {
    resistanceOhm: new Float64Array(SENSORS).fill(truth.resistance),
    reactanceOhm: new Float64Array(SENSORS).fill(truth.reactance),
  },
  strings: { leakageMilliampere: new Float64Array(SENSORS).fill(truth.leakage) },
};

/** Readings of every sensor, one after the other. */
function measure(profile = fieldProfile) {
  const randoms = Array.from({ length: SENSORS }, (_, index) => createRandom(7).fork(`sensor ${index}`));
  const instruments = new ImpedanceInstruments(randoms, profile, 1 / 6);
  const resistance = new Float64Array(SENSORS * STEPS);
  const reactance = new Float64Array(SENSORS * STEPS);
  for (let step = 0; step < STEPS; step++) {
    instruments.step(still);
    for (let sensor = 0; sensor < SENSORS; sensor++) {
      resistance[sensor * STEPS + step] = instruments.resistanceOhm[sensor]!;
      reactance[sensor * STEPS + step] = instruments.reactanceOhm[sensor]!;
    }
  }
  return { resistance, reactance };
}
const measured = measure();

const mean = (values: ArrayLike<number>) => {
  const present = Array.from(values).filter((value) => !Number.isNaN(value));
  return present.reduce((sum, value) => sum + value, 0) / present.length;
};
const deviation = (values: readonly number[]) => {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
};
const perSensor = (values: Float64Array, from: number, to: number) =>
  Array.from({ length: SENSORS }, (_, sensor) =>
    mean(values.subarray(sensor * STEPS + from, sensor * STEPS + to)),
  );
/** Four standard errors of a standard deviation over the sensors. */
const within = 4 / Math.sqrt(2 * SENSORS);

describe('the impedance sensors', () => {
  it('differ by their gain, which the reactance shows', () => {
    const gains = perSensor(measured.reactance, 0, STEPS).map((value) => value / truth.reactance - 1);
    expect(Math.abs(deviation(gains) / 0.005 - 1)).toBeLessThan(within);
  });

  it('differ by their phase: 0.08 degree of it, through the reactance, is 0.9 % of the resistance', () => {
    const reactances = perSensor(measured.reactance, 0, STEPS);
    const ratios = perSensor(measured.resistance, 0, STEPS).map(
      (value, sensor) => value / reactances[sensor]! / (truth.resistance / truth.reactance) - 1,
    );
    const expected = (0.08 * Math.PI * truth.reactance) / 180 / truth.resistance;
    expect(Math.abs(deviation(ratios) / expected - 1)).toBeLessThan(within + 0.05);
  });

  it('drift by some tenths of a percent over two months, in phase and in gain', () => {
    const change = (values: Float64Array) => {
      const [first, last] = [perSensor(values, 0, 1440), perSensor(values, STEPS - 1440, STEPS)];
      return deviation(first.map((value, sensor) => last[sensor]! / value - 1));
    };
    // Two draws 50 days apart of memories of 40 and 120 days.
    const phase = (0.015 * Math.PI * truth.reactance) / 180 / truth.resistance;
    const ofPhase = phase * Math.sqrt(2 * (1 - Math.exp(-50 / 40)));
    const ofGain = 0.0005 * Math.sqrt(2 * (1 - Math.exp(-50 / 120)));
    expect(Math.abs(change(measured.resistance) / Math.hypot(ofPhase, ofGain) - 1)).toBeLessThan(
      within + 0.1,
    );
    expect(Math.abs(change(measured.reactance) / ofGain - 1)).toBeLessThan(within + 0.1);
  });

  it('take on another gain where they are set anew, as often as asked for', () => {
    const perYear = 12;
    const { reactance } = measure({ ...fieldProfile, gainDrift: 0, recalibrationsPerYear: perYear });
    const [first, last] = [perSensor(reactance, 0, 144), perSensor(reactance, STEPS - 144, STEPS)];
    const steps = first.map((value, sensor) => last[sensor]! / value - 1);
    // Two days apart from each other by 59 days: it stays the same without a recalibration, else it is two draws.
    const expected = 0.005 * Math.sqrt(2 * (1 - Math.exp((-perYear * (DAYS - 1)) / 365.25)));
    expect(Math.abs(deviation(steps) / expected - 1)).toBeLessThan(within + 0.1);
    const same = steps.filter((step) => Math.abs(step) < 0.0002).length / SENSORS;
    const untouched = Math.exp((-perYear * (DAYS - 1)) / 365.25);
    // Some 3 % of the steps are as small as that; four standard errors of a share.
    expect(Math.abs(same - untouched - 0.03)).toBeLessThan(
      4 * Math.sqrt((untouched * (1 - untouched)) / SENSORS) + 0.03,
    );
  });

  it('send steps of 0.01 milliohm', () => {
    for (const value of measured.resistance.subarray(0, STEPS)) {
      if (!Number.isNaN(value)) expect(Math.abs(value * 1e5 - Math.round(value * 1e5))).toBeLessThan(1e-6);
    }
  });

  it('are silent for 1.5 h in 15 days, and lose one value in a thousand besides', () => {
    const lost = measured.resistance.filter((value) => Number.isNaN(value)).length / (SENSORS * STEPS);
    // The mean of lengths whose median is 1.5 h and whose logarithm spreads by 0.5, up to the end of its last step.
    const hours = 1.5 * Math.exp(0.5 ** 2 / 2);
    const expected = hours / (hours + 15 * 24) + 0.001;
    expect(Math.abs(lost / expected - 1)).toBeLessThan(0.15);
  });

  it('stick to a value for hours, some five times in a year', () => {
    let spells = 0;
    for (let sensor = 0; sensor < SENSORS; sensor++) {
      let run = 0;
      for (let step = 1; step < STEPS; step++) {
        const at = sensor * STEPS + step;
        const repeats = (values: Float64Array) => values[at] === values[at - 1];
        run = repeats(measured.resistance) && repeats(measured.reactance) ? run + 1 : 0;
        if (run === 10) spells++;
      }
    }
    // One in 90 days and sensor, of which those that last ten steps are counted: ln(1.67 h / 4 h) / 0.5 below the median.
    const expected = (0.96 * SENSORS * DAYS) / 90;
    expect(Math.abs(spells - expected)).toBeLessThan(4 * Math.sqrt(expected));
  });
});

import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../core/statistics/random.ts';
import { CONTEXT_STEPS, type SensorResiduals } from './collect-residuals.ts';
import type { Look } from './look-intervals.ts';
import { effectiveLooks, lookWeights } from './look-propensity.ts';
import { PeerBoard } from './peer-board.ts';
import { groupLooks } from './shown-defects.ts';

const READINGS = 4_000;
const HOUR = 3_600_000;

/** Weather is standard normal, hour by hour; `fly` says how likely a drone is in the air in it. */
function fleet(sensors: number, fly: (weather: number) => number) {
  const random = createRandom(12);
  const looks: Look[] = [];
  const weatherOf = new Map<Look, number>();
  const residuals = Array.from({ length: sensors }, (_, i): SensorResiduals => {
    const weather = Float32Array.from({ length: READINGS }, () => random.normal());
    for (const [at, value] of weather.entries()) {
      if (at % 40 !== 0 || random.uniform() > fly(value)) continue;
      const look = { sensorId: `s${i}`, inspectedAt: at * HOUR + 1, defect: 0.1, kind: null };
      looks.push(look);
      weatherOf.set(look, value);
    }
    return {
      sensorId: `s${i}`,
      observedAt: Float64Array.from(weather, (_, at) => at * HOUR),
      residuals: [],
      weights: [],
      context: [Int16Array.from(weather, (value) => Math.round(value * CONTEXT_STEPS))],
      readyFrom: 10,
      finalState: new Float32Array(0),
      board: new PeerBoard(0, () => ''),
    };
  });
  return { residuals, looks: groupLooks(looks, Infinity), weatherOf };
}

/** Mostly at one standard deviation: looks have a mean of 0.5. */
function flyInFairWeather(weather: number): number {
  return Math.exp(-((weather - 1) ** 2) / 2);
}

function meanWeather(weights: ReadonlyMap<Look, number>, weatherOf: ReadonlyMap<Look, number>): number {
  let [sum, all] = [0, 0];
  for (const [look, weight] of weights) {
    sum += weight * weatherOf.get(look)!;
    all += weight;
  }
  return sum / all;
}

describe('lookWeights', () => {
  it('brings looks in fair weather back to the weather of all times', () => {
    const { residuals, looks, weatherOf } = fleet(40, flyInFairWeather);
    const weights = lookWeights(residuals, looks, Infinity);
    const equal = new Map([...weights.keys()].map((look) => [look, 1]));
    expect(weights.size).toBeGreaterThan(1_600);
    expect(meanWeather(equal, weatherOf)).toBeGreaterThan(0.4);
    // The standard error of a mean of as many equal looks; truncation keeps a little of the bias: six of them.
    const error = 1 / Math.sqrt(effectiveLooks(weights.values()));
    expect(Math.abs(meanWeather(weights, weatherOf))).toBeLessThan(6 * error);
  });

  it('draws weights together until they say as much as 300 equal looks', () => {
    const { residuals, looks, weatherOf } = fleet(8, flyInFairWeather);
    const weights = lookWeights(residuals, looks, Infinity);
    expect(weights.size).toBeGreaterThan(310);
    expect(weights.size).toBeLessThan(600);
    expect(effectiveLooks(weights.values())).toBeCloseTo(300, 0);
    const mean = meanWeather(weights, weatherOf);
    expect(mean).toBeGreaterThan(0.1);
    expect(mean).toBeLessThan(0.45);
  });

  it('knows no weather after the time that is given', () => {
    const { residuals, looks } = fleet(40, flyInFairWeather);
    const half = (READINGS / 2) * HOUR;
    const early = groupLooks(
      [...looks.values()].flatMap((own) => own.looks),
      half,
    );
    const otherwise = residuals.map((sensor) => ({
      ...sensor,
      context: sensor.context.map((column) => column.map((value, at) => (at * HOUR > half ? 3 : value))),
    }));
    expect(lookWeights(otherwise, early, half)).toEqual(lookWeights(residuals, early, half));
    expect(lookWeights(otherwise, early, Infinity)).not.toEqual(lookWeights(residuals, early, Infinity));
  });

  it('leaves few looks as they are', () => {
    const { residuals, looks } = fleet(2, flyInFairWeather);
    for (const weight of lookWeights(residuals, looks, Infinity).values()) expect(weight).toBeCloseTo(1, 12);
  });

  it('takes all looks for equal where drones fly in any weather', () => {
    const { residuals, looks } = fleet(20, () => 0.3);
    const weights = [...lookWeights(residuals, looks, Infinity).values()];
    // Two coefficients, each known to about 1 / √600: weights spread by some 6 %.
    expect(effectiveLooks(weights) / weights.length).toBeGreaterThan(0.97);
  });

  it('weights nothing where there is no look', () => {
    const { residuals } = fleet(2, () => 0);
    expect(lookWeights(residuals, new Map(), Infinity).size).toBe(0);
  });
});

describe('effectiveLooks', () => {
  it('counts equal looks as they are, and a dominant one as little more than one', () => {
    expect(effectiveLooks([2, 2, 2])).toBe(3);
    expect(effectiveLooks([100, 1, 1])).toBeLessThan(1.1);
    expect(effectiveLooks([])).toBe(0);
  });
});

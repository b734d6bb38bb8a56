/** Whether scores are the probabilities they claim to be, on days of sensors. */
import {
  addCase,
  decomposeBrier,
  emptyBrierSums,
  type BrierDecomposition,
} from '../../../core/statistics/brier-decomposition.ts';
import { testCalibration, type CalibrationTest } from '../../../core/statistics/calibration-test.ts';
import { quantile } from '../../../core/statistics/quantile.ts';
import type { Random } from '../../../core/statistics/random.ts';
import { estimate, type Estimate, type Sites } from './estimate.ts';
import type { SensorDays } from './sensor-days.ts';

export interface Calibration {
  readonly brier: Readonly<Record<keyof BrierDecomposition, Estimate>>;
  /**
   * Days of one sensor resemble one another, so each test takes one day of each sensor, by chance; these are
   * the medians over several such draws.
   */
  readonly test: CalibrationTest & { readonly cases: number };
}

const BINS = 10;
const TEST_DRAWS = 15;

export function measureCalibration(days: SensorDays, sites: Sites): Calibration {
  const sensors = sites.siteOfSensor.length;
  const binOf = equalBins(days.score);
  const sums = Array.from({ length: sensors }, () => emptyBrierSums(BINS));
  for (const [day, sensor] of days.sensor.entries()) {
    addCase(sums[sensor]!, binOf(days.score[day]!), days.score[day]!, days.defective[day]!);
  }
  const part = (name: keyof BrierDecomposition): Estimate =>
    estimate(
      sites,
      (weights) => decomposeBrier(sums.map((own, i) => ({ sums: own, weight: weights[i]! })))[name],
    );
  return {
    brier: {
      score: part('score'),
      reliability: part('reliability'),
      resolution: part('resolution'),
      uncertainty: part('uncertainty'),
    },
    test: testDays(days, sensors, sites.random),
  };
}

/** Bins that hold the same number of days each. */
function equalBins(scores: Float32Array): (score: number) => number {
  const sorted = scores.slice().sort();
  const edges = Array.from(
    { length: BINS - 1 },
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / BINS)]!,
  );
  return (score) => edges.filter((edge) => score >= edge).length;
}

function testDays(days: SensorDays, sensors: number, random: Random): Calibration['test'] {
  const ofSensor: number[][] = Array.from({ length: sensors }, () => []);
  for (const [day, sensor] of days.sensor.entries()) ofSensor[sensor]!.push(day);
  const watched = ofSensor.filter((own) => own.length > 0);
  const tests = Array.from({ length: TEST_DRAWS }, () => {
    const drawn = watched.map((own) => own[Math.floor(random.uniform() * own.length)]!);
    return testCalibration(
      drawn.map((day) => days.score[day]!),
      drawn.map((day) => days.defective[day]!),
      random,
    );
  });
  const median = (name: keyof CalibrationTest): number =>
    quantile(
      tests.map((test) => test[name]),
      0.5,
    );
  return {
    cases: watched.length,
    error: median('error'),
    expectedError: median('expectedError'),
    pValue: median('pValue'),
  };
}

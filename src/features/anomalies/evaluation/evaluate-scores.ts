/** Measures scores against the truth: found defects, false alarms, ranking, calibration, and how much of it is weather. */
import { poissonUpperBound } from '../../../core/statistics/poisson-upper-bound.ts';
import { createRandom } from '../../../core/statistics/random.ts';
import { rankPrecision } from '../../../core/statistics/ranked-precision.ts';
import { measureCalibration, type Calibration } from './calibration.ts';
import { estimate, type Estimate, type Sites } from './estimate.ts';
import { eventRecall, type EventRecall } from './event-recall.ts';
import { rainDependence, type RainDependence } from './rain-dependence.ts';
import { gatherSensorDays } from './sensor-days.ts';
import type { SensorScores } from './sensor-scores.ts';
import type { TrueDefect } from './true-defect.ts';
import { healthyHours, watchSensor } from './watch-sensor.ts';
import { weatherDependence } from './weather-dependence.ts';

export interface EvaluationInput {
  readonly sensors: readonly SensorScores[];
  /** Defects by sensor; a sensor that is not there was healthy all the time. */
  readonly truth: ReadonlyMap<string, readonly TrueDefect[]>;
  /** Names of the columns in `sensors[].context`. */
  readonly context: readonly string[];
  /** Which of them is rain; null for none. */
  readonly rainColumn: string | null;
  /** Tower of each sensor; a sensor that is not there stands alone. */
  readonly towers: ReadonlyMap<string, string>;
}

export interface EvaluationOptions {
  /** Time before this is not judged, milliseconds since 1970. */
  readonly from: number;
  /** A defect must have been severe for so long to be judged. */
  readonly leastWatchedHours: number;
  /** An event that comes later than this after severity does not count as finding the defect. */
  readonly foundWithinDays: number;
  readonly seed: number;
  /** Of the bootstrap. */
  readonly draws: number;
}

export const EVALUATION_DEFAULTS: EvaluationOptions = {
  from: -Infinity,
  leastWatchedHours: 72,
  foundWithinDays: 30,
  seed: 1,
  draws: 200,
};

export interface Evaluation {
  readonly sensors: number;
  readonly towers: number;
  readonly readings: number;
  readonly events: EventRecall;
  readonly falseAlarms: {
    readonly count: number;
    /** Of healthy time. */
    readonly sensorYears: number;
    readonly perSensorYear: Estimate;
    /** One-sided 95 % Poisson bound. */
    readonly upperBound: number;
    /** Share of healthy time with an event open. */
    readonly shareOfTime: Estimate;
  };
  readonly ranking: {
    readonly cases: 'sensor-days';
    readonly days: number;
    readonly defectiveDays: number;
    readonly averagePrecision: Estimate;
    /** What a score that knows nothing would reach: the share of defective days. */
    readonly ofChance: number;
  };
  readonly calibration: Calibration;
  /** Null without a rain column. */
  readonly rain: RainDependence | null;
  /** Null without context. */
  readonly weather: { readonly r2OfScore: Estimate; readonly r2OfLogit: Estimate } | null;
}

const HOURS_PER_YEAR = 8766;

export function evaluateScores(
  { sensors, truth, context, rainColumn, towers }: EvaluationInput,
  { from, leastWatchedHours, foundWithinDays, seed, draws }: EvaluationOptions,
  onStage: (stage: string) => void = () => {},
): Evaluation {
  const sites = numberSites(sensors, towers, seed, draws);
  const rainAt = rainColumn === null ? -1 : context.indexOf(rainColumn);
  onStage('watching alarms');
  const watch = { rainColumn: rainAt, from, foundWithinDays };
  const watched = sensors.map((own) => watchSensor(own, truth.get(own.sensorId) ?? [], watch));
  const healths = watched.map(({ health }) => health);
  const sum = (count: (at: number) => number, weights: ArrayLike<number>): number =>
    healths.reduce((before, _, at) => before + weights[at]! * count(at), 0);
  const evenly = Array<number>(sensors.length).fill(1);
  const count = sum((at) => healths[at]!.falseAlarms, evenly);
  const sensorYears = sum((at) => healths[at]!.hours, evenly) / HOURS_PER_YEAR;
  const events = eventRecall(
    watched.map(({ defects }) => defects),
    { leastWatchedHours, from, falseAlarmsPerSensorYear: sensorYears > 0 ? count / sensorYears : 0 },
    sites,
  );
  onStage('ranking days');
  const days = gatherSensorDays(sensors, truth, from);
  const precision = rankPrecision(days.score, days.defective, days.sensor);
  const defectiveDays = days.defective.reduce((before, one) => before + one, 0);
  const ranking = {
    cases: 'sensor-days' as const,
    days: days.score.length,
    defectiveDays,
    averagePrecision: estimate(sites, precision),
    ofChance: defectiveDays / days.score.length,
  };
  onStage('testing calibration');
  const calibration = measureCalibration(days, sites);
  onStage('regressing on the weather');
  const dependence =
    context.length === 0 ? null : weatherDependence(sensors, truth, sites.siteOfSensor, from);
  return {
    sensors: sensors.length,
    towers: new Set(sites.siteOfSensor).size,
    readings: sensors.reduce((before, { observedAt }) => before + observedAt.length, 0),
    events,
    falseAlarms: {
      count,
      sensorYears,
      perSensorYear: estimate(
        sites,
        (weights) =>
          sum((at) => healths[at]!.falseAlarms, weights) /
          (sum((at) => healths[at]!.hours, weights) / HOURS_PER_YEAR),
      ),
      upperBound: poissonUpperBound(count, 0.95) / sensorYears,
      shareOfTime: estimate(
        sites,
        (weights) => sum((at) => healths[at]!.alarmHours, weights) / sum((at) => healths[at]!.hours, weights),
      ),
    },
    ranking,
    calibration,
    rain:
      rainAt < 0
        ? null
        : rainDependence(
            healths,
            sensors.map((own) => healthyHours(own, truth.get(own.sensorId) ?? [], rainAt, from)),
            sites,
          ),
    weather: dependence && {
      r2OfScore: estimate(sites, (weights) => dependence.ofScore(weights)),
      r2OfLogit: estimate(sites, (weights) => dependence.ofLogit(weights)),
    },
  };
}

function numberSites(
  sensors: readonly SensorScores[],
  towers: ReadonlyMap<string, string>,
  seed: number,
  draws: number,
): Sites {
  const numbers = new Map<string, number>();
  const siteOfSensor = sensors.map(({ sensorId }) => {
    const tower = towers.get(sensorId);
    const name = tower === undefined ? `sensor ${sensorId}` : `tower ${tower}`;
    if (!numbers.has(name)) numbers.set(name, numbers.size);
    return numbers.get(name)!;
  });
  return { siteOfSensor, random: createRandom(seed).fork('evaluation'), draws };
}

/** How far the score of healthy sensors can be told from the weather: the part of it that is not about defects. */
import { addToMoments, emptyMoments, heldOutR2, type Moments } from '../../../core/statistics/held-out-r2.ts';
import { HOUR_MS, type SensorScores } from './sensor-scores.ts';
import { healthAt, type TrueDefect } from './true-defect.ts';

/** Scores are written with six decimals; a logit cannot say more. */
const LEAST_PROBABILITY = 1e-6;
/** The past of the context enters as means over these times. */
const LAGS_HOURS = [3, 24];
/** Each column enters as it is, squared, and with its past. */
const FEATURES_PER_COLUMN = 2 + LAGS_HOURS.length;
/** Towers are dealt to the folds in turn: each is judged by coefficients from the others, at the same time. */
const FOLDS = 5;

export interface WeatherDependence {
  /** @param weights of the sensors; @returns share of the variance within sensors, 0 for none */
  ofScore(weights: ArrayLike<number>): number;
  ofLogit(weights: ArrayLike<number>): number;
}

/** One reading an hour is plenty. */
export function weatherDependence(
  sensors: readonly SensorScores[],
  truth: ReadonlyMap<string, readonly TrueDefect[]>,
  siteOfSensor: readonly number[],
  from: number,
): WeatherDependence {
  const folds = siteOfSensor.map((site) => site % FOLDS);
  const scales = columnScales(sensors);
  const size = FEATURES_PER_COLUMN * scales.length;
  const score: Moments[] = [];
  const logit: Moments[] = [];
  for (const own of sensors) {
    const cases = hourlyCases(own, truth.get(own.sensorId) ?? [], scales, from);
    centre(cases.columns);
    score.push(momentsOf(cases, size, centred(cases.scores)));
    logit.push(momentsOf(cases, size, centred(cases.scores.map(toLogit))));
  }
  return {
    ofScore: (weights) => heldOutR2(score, folds, weights),
    ofLogit: (weights) => heldOutR2(logit, folds, weights),
  };
}

interface ColumnScale {
  readonly mean: number;
  readonly deviation: number;
}

function columnScales(sensors: readonly SensorScores[]): ColumnScale[] {
  return (sensors[0]?.context ?? []).map((_, column) => {
    let [count, sum, squares] = [0, 0, 0];
    for (const { context } of sensors) {
      for (const value of context[column]!) {
        if (Number.isNaN(value)) continue;
        count++;
        sum += value;
        squares += value * value;
      }
    }
    const mean = count === 0 ? 0 : sum / count;
    return { mean, deviation: Math.sqrt(Math.max(squares / Math.max(1, count) - mean * mean, 0)) || 1 };
  });
}

interface HourlyCases {
  readonly columns: Float64Array[];
  readonly scores: number[];
}

function hourlyCases(
  { observedAt, score, context }: SensorScores,
  defects: readonly TrueDefect[],
  scales: readonly ColumnScale[],
  from: number,
): HourlyCases {
  const cases: HourlyCases = { columns: [], scores: [] };
  const means = scales.map(() => LAGS_HOURS.map(() => 0));
  let hour = -1;
  for (let at = 0; at < observedAt.length; at++) {
    const time = observedAt[at]!;
    const elapsed = at === 0 ? Infinity : (time - observedAt[at - 1]!) / HOUR_MS;
    const now = scales.map(({ mean, deviation }, column) => {
      const value = context[column]![at]!;
      return Number.isNaN(value) ? 0 : (value - mean) / deviation;
    });
    for (const [column, value] of now.entries()) {
      const own = means[column]!;
      for (const [lag, hours] of LAGS_HOURS.entries()) {
        own[lag]! += (1 - Math.exp(-elapsed / hours)) * (value - own[lag]!);
      }
    }
    const isNewHour = Math.floor(time / HOUR_MS) !== hour;
    if (!isNewHour || time < from || Number.isNaN(score[at]!)) continue;
    if (healthAt(defects, time) !== 'healthy') continue;
    hour = Math.floor(time / HOUR_MS);
    cases.columns.push(
      Float64Array.from(now.flatMap((value, column) => [value, value * value, ...means[column]!])),
    );
    cases.scores.push(score[at]!);
  }
  return cases;
}

/** Takes each sensor's own level away, so that only what moves within a sensor is to be explained. */
function centre(rows: readonly Float64Array[]): void {
  const size = rows[0]?.length ?? 0;
  const mean = new Float64Array(size);
  for (const row of rows) for (let i = 0; i < size; i++) mean[i]! += row[i]! / rows.length;
  for (const row of rows) for (let i = 0; i < size; i++) row[i]! -= mean[i]!;
}

function centred(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}

function momentsOf({ columns }: HourlyCases, size: number, figures: readonly number[]): Moments {
  const moments = emptyMoments(size);
  for (const [at, row] of columns.entries()) addToMoments(moments, row, figures[at]!);
  return moments;
}

function toLogit(probability: number): number {
  const kept = Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, probability));
  return Math.log(kept / (1 - kept));
}

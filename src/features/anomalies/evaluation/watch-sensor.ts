/** What alarms of one sensor were worth: false ones, the weather they came in, and how soon a defect was found. */
import { HOUR_MS, longestStepHours, type SensorScores } from './sensor-scores.ts';
import { healthAt, type TrueDefect } from './true-defect.ts';

export interface FoundDefect {
  readonly defect: TrueDefect;
  /** When the first event opened after the onset and in time; null where none did. */
  readonly foundAt: number | null;
  /** Time in which it could have been found: from severity to the deadline, repair or the last reading. */
  readonly watchedHours: number;
  /** Whether it was severe at any time that is judged. */
  readonly isJudged: boolean;
}

/** Counts and hours of healthy time. */
export interface WatchedHealth {
  readonly hours: number;
  /** With an event open. */
  readonly alarmHours: number;
  /** Events that opened. */
  readonly falseAlarms: number;
  /** Of which soon after rain, as are these hours; the rest is dry. */
  readonly wet: { readonly hours: number; readonly falseAlarms: number };
}

/** Healthy hours of one sensor. */
export interface HealthyHours {
  readonly score: Float32Array;
  readonly wet: Uint8Array;
}

export interface WatchedSensor {
  readonly health: WatchedHealth;
  readonly defects: readonly FoundDefect[];
}

/** Water stays on insulators, and an alarm takes a while: so long after the last rain it counts as wet. */
const WET_HOURS = 6;

export interface WatchOptions {
  /** Index of the context column with rain, -1 for none. */
  readonly rainColumn: number;
  /** Time before this is not judged, but a defect that is still there may have been found then. */
  readonly from: number;
  /** An event that comes later than this after severity comes too late. */
  readonly foundWithinDays: number;
}

export function watchSensor(
  scores: SensorScores,
  defects: readonly TrueDefect[],
  { rainColumn, from, foundWithinDays }: WatchOptions,
): WatchedSensor {
  const { observedAt, score, anomalous, openings } = scores;
  const longestStep = longestStepHours(observedAt);
  const rain = scores.context[rainColumn];
  const opens = new Set(openings);
  const health = { hours: 0, alarmHours: 0, falseAlarms: 0, wet: { hours: 0, falseAlarms: 0 } };
  let wetUntil = -Infinity;
  for (let at = 0; at < observedAt.length; at++) {
    const time = observedAt[at]!;
    if (rain !== undefined && rain[at]! > 0) wetUntil = time + WET_HOURS * HOUR_MS;
    if (time < from || Number.isNaN(score[at]!) || healthAt(defects, time) !== 'healthy') continue;
    const hours = at === 0 ? 0 : Math.min(longestStep, (time - observedAt[at - 1]!) / HOUR_MS);
    const isWet = time < wetUntil;
    health.hours += hours;
    if (isWet) health.wet.hours += hours;
    if (anomalous[at] === 1) health.alarmHours += hours;
    if (!opens.has(at)) continue;
    health.falseAlarms++;
    if (isWet) health.wet.falseAlarms++;
  }
  return { health, defects: defects.map((defect) => find(defect, scores, from, foundWithinDays)) };
}

/** One score an hour of healthy time, with whether it was wet. */
export function healthyHours(
  { observedAt, score, context }: SensorScores,
  defects: readonly TrueDefect[],
  rainColumn: number,
  from: number,
): HealthyHours {
  const scores: number[] = [];
  const wet: number[] = [];
  let wetUntil = -Infinity;
  let hour = -1;
  for (let at = 0; at < observedAt.length; at++) {
    const time = observedAt[at]!;
    if (context[rainColumn]![at]! > 0) wetUntil = time + WET_HOURS * HOUR_MS;
    if (Math.floor(time / HOUR_MS) === hour || time < from || Number.isNaN(score[at]!)) continue;
    if (healthAt(defects, time) !== 'healthy') continue;
    hour = Math.floor(time / HOUR_MS);
    scores.push(score[at]!);
    wet.push(time < wetUntil ? 1 : 0);
  }
  return { score: Float32Array.from(scores), wet: Uint8Array.from(wet) };
}

/** An event that was open before the onset is a false alarm, not a finding. */
function find(
  defect: TrueDefect,
  { observedAt, openings }: SensorScores,
  from: number,
  foundWithinDays: number,
): FoundDefect {
  const severeAt = defect.severeAt === Infinity ? defect.onsetAt : defect.severeAt;
  const deadline = Math.min(defect.repairedAt, severeAt + foundWithinDays * 24 * HOUR_MS);
  const opening = openings.find((at) => observedAt[at]! >= defect.onsetAt && observedAt[at]! < deadline);
  const last = observedAt.at(-1) ?? -Infinity;
  return {
    defect,
    foundAt: opening === undefined ? null : observedAt[opening]!,
    watchedHours: Math.max(0, (Math.min(deadline, last) - severeAt) / HOUR_MS),
    isJudged: Math.min(defect.repairedAt, last) > Math.max(from, severeAt),
  };
}

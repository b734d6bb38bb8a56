/**
 * One alarm rule for all methods, so that scores are compared and not alarms: a score must persist, and may pass
 * the threshold only so often in healthy training time.
 */
import {
  Alarm,
  ALARM_STATE_SIZE,
  type AlarmSettings,
} from '../../../src/catalogue/models/impedance-anomaly/alarm.ts';
import { quantile } from '../../../src/core/statistics/quantile.ts';
import type { MethodScores } from './method.ts';

const HOUR_MS = 3_600_000;
const HOURS_PER_YEAR = 8766;
const PERSISTENCE_HOURS = 6;
const CLOSE_AFTER_HOURS = 24;
/** An event is counted once in a block of this length. */
const BLOCK_HOURS = 72;
/** An event closes where the score is as low as this part of healthy blocks' highest. */
const CLOSE_QUANTILE = 0.7;
const LONGEST_STEP_HOURS = 1;

export interface LevelHistory {
  readonly observedAt: Float64Array;
  /** The score that has persisted, NaN before the first. */
  readonly level: Float32Array;
  readonly isHealthy: (time: number) => boolean;
}

export interface Alarms {
  readonly level: Float32Array;
  readonly open: Uint8Array;
}

/** @param settings without a threshold only the level is of use */
export function applyAlarmRule(
  observedAt: Float64Array,
  { score }: MethodScores,
  settings: AlarmSettings = levelOnly,
): Alarms {
  const alarm = new Alarm(settings);
  const state = new Float32Array(ALARM_STATE_SIZE);
  alarm.initialise(state);
  const level = new Float32Array(score.length);
  const open = new Uint8Array(score.length);
  for (let at = 0; at < score.length; at++) {
    if (!Number.isNaN(score[at]!)) {
      const elapsed = at === 0 ? 0 : (observedAt[at]! - observedAt[at - 1]!) / HOUR_MS;
      alarm.update(state, score[at]!, Math.min(elapsed, LONGEST_STEP_HOURS));
    }
    level[at] = state[0]!;
    open[at] = state[1]!;
  }
  return { level, open };
}

const levelOnly: AlarmSettings = {
  persistenceHours: PERSISTENCE_HOURS,
  closeAfterHours: CLOSE_AFTER_HOURS,
  openAbove: Infinity,
  closeBelow: -Infinity,
};

/** The lowest threshold that no more blocks of healthy training time exceed than events are allowed. */
export function chooseThreshold(
  histories: readonly LevelHistory[],
  falseAlarmsPerSensorYear: number,
): AlarmSettings {
  const maxima = histories.flatMap(blockMaxima).sort((one, other) => other - one);
  const years = (maxima.length * BLOCK_HOURS) / HOURS_PER_YEAR;
  const allowed = Math.floor(falseAlarmsPerSensorYear * years);
  const openAbove = maxima[Math.min(allowed, maxima.length - 1)] ?? Infinity;
  return { ...levelOnly, openAbove, closeBelow: Math.min(openAbove, quantile(maxima, CLOSE_QUANTILE)) };
}

function blockMaxima({ observedAt, level, isHealthy }: LevelHistory): number[] {
  const maxima = new Map<number, number>();
  for (let at = 0; at < level.length; at++) {
    if (Number.isNaN(level[at]!) || !isHealthy(observedAt[at]!)) continue;
    const block = Math.floor(observedAt[at]! / HOUR_MS / BLOCK_HOURS);
    maxima.set(block, Math.max(level[at]!, maxima.get(block) ?? -Infinity));
  }
  return [...maxima.values()];
}

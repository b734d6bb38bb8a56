/** Chooses the alarm's thresholds from the tail of healthy logits, so that false alarms come at a set rate. */
import { quantile } from '../../../core/statistics/quantile.ts';
import { Alarm, ALARM_STATE_SIZE, type AlarmSettings } from './alarm.ts';
import { MILLISECONDS_PER_HOUR } from './sensor-series.ts';
import type { Timescales } from './timescales.ts';

const HOURS_PER_YEAR = 8766;
/** The tail is what lies above this quantile of the blocks' maxima; an event closes below `CLOSE_QUANTILE`. */
const TAIL_QUANTILE = 0.9;
const CLOSE_QUANTILE = 0.7;
/** The furthest maxima may be defects that nobody has seen yet; they count as no further out than this quantile. */
const TRIMMED_QUANTILE = 0.995;

/** The scale of the tail is taken this many standard errors of a mean of exponential variables above its mean. */
const SURE = 1;
/** A history tells of rates down to one alarm in so many times its length; beyond, nothing would ever be raised. */
const RAREST_KNOWN = 0.1;

export interface LogitHistory {
  readonly observedAt: Float64Array;
  /** A gap counts as this long at most. */
  readonly longestStepHours: number;
  /** Defect logit of every reading, NaN while warming up. */
  readonly logits: Float32Array;
  /** Whether the reading may be taken for healthy. */
  readonly isHealthy: (time: number) => boolean;
}

/**
 * Healthy maxima of the persistent logit, in blocks of one longest horizon, have an exponential tail; the
 * opening threshold is where that tail is passed `falseAlarmsPerSensorYear` times a year. Without a single logit it lies
 * where evidence is even.
 */
export function fitAlarm(
  histories: readonly LogitHistory[],
  timescales: Timescales,
  falseAlarmsPerSensorYear: number,
): AlarmSettings {
  // The second horizon: a shower is not to raise events on all towers of a line before their peers have told of it.
  const [, persistenceHours, closeAfterHours, blockHours] = timescales.horizonsHours;
  const settings = { persistenceHours, closeAfterHours, openAbove: Infinity, closeBelow: -Infinity };
  const all = () => histories.map((history): LogitHistory => ({ ...history, isHealthy: () => true }));
  const ofHealth = healthyBlocks(histories, settings, blockHours);
  // What departs all along, as far as anybody knows, is the usual there.
  const blocks = ofHealth.length > 0 ? ofHealth : healthyBlocks(all(), settings, blockHours);
  if (blocks.length === 0) return { ...settings, openAbove: 0, closeBelow: 0 };
  const maxima = blocks.map(([, maximum]) => maximum);
  const trim = quantile(maxima, TRIMMED_QUANTILE);
  const start = quantile(maxima, TAIL_QUANTILE);
  const tail = blocks.filter(([, maximum]) => maximum > start);
  const sum = tail.reduce((total, [, maximum]) => total + Math.min(maximum, trim) - start, 0);
  // All sensors share the weather: as many times as there are, and not as many maxima, tell of the tail.
  const times = new Set(tail.map(([block]) => block)).size;
  const scale = (sum / Math.max(1, tail.length)) * (1 + SURE / Math.sqrt(Math.max(1, times)));
  const asked = (falseAlarmsPerSensorYear * blockHours) / HOURS_PER_YEAR;
  const perBlock = Math.min(0.5, Math.max(asked, RAREST_KNOWN / Math.max(1, maxima.length)));
  const openAbove = start + scale * Math.max(0, Math.log((1 - TAIL_QUANTILE) / perBlock));
  return { ...settings, openAbove, closeBelow: Math.min(quantile(maxima, CLOSE_QUANTILE), openAbove) };
}

function healthyBlocks(
  histories: readonly LogitHistory[],
  settings: AlarmSettings,
  blockHours: number,
): (readonly [block: number, maximum: number])[] {
  return histories.flatMap((history) => [...blockMaxima(history, settings, blockHours)]);
}

/** By block of time, counted from 1970. */
function blockMaxima(
  history: LogitHistory,
  settings: AlarmSettings,
  blockHours: number,
): ReadonlyMap<number, number> {
  const maxima = new Map<number, number>();
  runAlarm(history, settings, (index, level) => {
    const time = history.observedAt[index]!;
    const block = Math.floor(time / MILLISECONDS_PER_HOUR / blockHours);
    if (history.isHealthy(time)) maxima.set(block, Math.max(level, maxima.get(block) ?? -Infinity));
  });
  return maxima;
}

/** Replays an alarm over a history; `visit` gets the persistent logit and whether an event is open. */
export function runAlarm(
  { observedAt, logits, longestStepHours }: LogitHistory,
  settings: AlarmSettings,
  visit: (index: number, level: number, open: boolean) => void,
): void {
  const alarm = new Alarm(settings);
  const state = new Float32Array(ALARM_STATE_SIZE);
  alarm.initialise(state);
  for (let index = 0; index < logits.length; index++) {
    if (Number.isNaN(logits[index]!)) continue;
    const elapsed = index === 0 ? 0 : (observedAt[index]! - observedAt[index - 1]!) / MILLISECONDS_PER_HOUR;
    const open = alarm.update(state, logits[index]!, Math.min(elapsed, longestStepHours));
    visit(index, state[0]!, open);
  }
}

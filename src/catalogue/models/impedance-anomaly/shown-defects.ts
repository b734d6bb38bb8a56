/** What telemetry shows of the defects that looks report, and of those that they may have overlooked. */
import { evidenceOf, UNSUPERVISED_LOGIT } from './head.ts';
import { intervalsFromLooks, isTrusted, type Look, type LookInterval } from './look-intervals.ts';
import { onsetPosterior } from './onset-posterior.ts';
import { indicesWithin, marksAt, type SensorSamples } from './sensor-samples.ts';
import type { StemParameters } from './stem.ts';

/** Samples nearer than this many of the model's third horizon repeat each other. */
const INDEPENDENT_HORIZON = 2;
/** Prior probability that telemetry does not show a defect that a drone sees. */
const HIDDEN = 0.5;
/** Looks overlook at least this share of the defects that are there. */
const OVERLOOKED = 0.05;
export interface SensorLooks {
  readonly looks: readonly Look[];
  readonly intervals: readonly LookInterval[];
}

export const NO_LOOKS: SensorLooks = { looks: [], intervals: [] };

/** Looks by sensor, up to and including `until`, in time order. */
export function groupLooks(looks: readonly Look[], until: number): Map<string, SensorLooks> {
  const bySensor = new Map<string, Look[]>();
  for (const look of looks) {
    if (look.inspectedAt > until) continue;
    const own = bySensor.get(look.sensorId);
    if (own) own.push(look);
    else bySensor.set(look.sensorId, [look]);
  }
  const grouped = new Map<string, SensorLooks>();
  for (const [sensorId, own] of bySensor) {
    own.sort((left, right) => left.inspectedAt - right.inspectedAt);
    grouped.set(sensorId, { looks: own, intervals: intervalsFromLooks(own) });
  }
  return grouped;
}

/**
 * How likely it is, at each sample, that telemetry shows a defect which no look has reported: overlooked by a
 * clean look, or begun where no look speaks at all. 1 where a look speaks against health.
 */
export function unreportedDefect(
  samples: SensorSamples,
  stem: StemParameters,
  directions: Float32Array,
  looks: SensorLooks = NO_LOOKS,
): Float64Array {
  const { times } = samples;
  const doubt = new Float64Array(times.length).fill(1);
  const healthy = looks.intervals.filter(({ belief }) => belief === 'healthy');
  const stretches = healthy.map((interval) => ({
    inside: indicesWithin(times, interval),
    sure: interval.confidence,
  }));
  const covered = new Set(looks.intervals.flatMap((interval) => indicesWithin(times, interval)));
  const rest = [...times.keys()].filter(
    (at) => !covered.has(at) && isTrusted(looks.looks, looks.intervals, times[at]!),
  );
  for (const { inside, sure } of [...stretches, { inside: rest, sure: 1 }]) {
    const overlooked = Math.max(OVERLOOKED, 1 - sure) * (1 - HIDDEN);
    const logits = inside.map((at) => logitAt(samples, at, directions));
    const shown = shownBy(stem, logits, 1 - overlooked, inside.length);
    for (const [i, at] of inside.entries()) doubt[at] = shown[i]!;
  }
  return doubt;
}

/** Whether a time may be taken for healthy: neither a look nor clear telemetry speaks against it. */
export function healthyTimes(
  samples: SensorSamples,
  stem: StemParameters,
  directions: Float32Array,
  looks: SensorLooks | undefined,
): (time: number) => boolean {
  const doubt = unreportedDefect(samples, stem, directions, looks);
  let at = 0;
  return (time) => {
    // Asked mostly in time order: go on from the last answer.
    if (at > 0 && samples.times[at]! > time) at = 0;
    while (at + 1 < samples.times.length && samples.times[at + 1]! <= time) at++;
    return (doubt[at] ?? 0) < 0.5;
  };
}

/** How likely telemetry shows, at each sample within an interval that ends with a defect, that it is there. */
export function shownInside(
  samples: SensorSamples,
  stem: StemParameters,
  directions: Float32Array,
  interval: LookInterval,
): { readonly at: number; readonly probability: number }[] {
  const inside = indicesWithin(samples.times, interval);
  const onsets = interval.belief === 'defective' ? 1 : inside.length;
  const logits = inside.map((at) => logitAt(samples, at, directions));
  const shown = shownBy(stem, logits, 1 - interval.confidence * (1 - HIDDEN), onsets);
  return inside.map((at, i) => ({ at, probability: shown[i]! }));
}

/** How likely it is, at each sample, that telemetry shows a defect by then. */
function shownBy(
  stem: StemParameters,
  logits: readonly number[],
  hidden: number,
  onsets: number,
): Float64Array {
  const [, spacing, independent] = stem.timescales.horizonsHours;
  const temper = Math.min(1, spacing / (INDEPENDENT_HORIZON * independent));
  return onsetPosterior(logits, temper, hidden, onsets);
}

function logitAt(samples: SensorSamples, at: number, directions: Float32Array): number {
  return UNSUPERVISED_LOGIT * evidenceOf(marksAt(samples, at), directions);
}

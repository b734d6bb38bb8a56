/** Learns from looks which channels depart where there is a defect, and which way. */
import { allDirections, MARKS_PER_CHANNEL } from './head.ts';
import type { LookInterval } from './look-intervals.ts';
import { marksAt, type SensorSamples } from './sensor-samples.ts';
import { shownInside, type SensorLooks } from './shown-defects.ts';
import type { StemParameters } from './stem.ts';

/** A direction is out with the furthest one from this share of it on. */
const OUT_TOO = 1 / 2;
/** How often a direction is out with a defect, and without one, before looks say so, and for how many looks that counts. */
const [USUAL_WITH, LOOKS_WITH] = [0.5, 1];
const [USUAL_WITHOUT, LOOKS_WITHOUT] = [0.05, 10];

export interface LearnedDirections {
  /** [channels, 2]: below and above what is expected, 0 to 1. */
  readonly directions: Float32Array;
  /** How many defects were seen that telemetry shows. */
  readonly seen: number;
}

/** Intervals between looks, by how far the looks are to be trusted. */
interface Tally {
  intervals: number;
  /** In how many of them each direction is out. */
  readonly out: Float64Array;
}

/**
 * A direction counts by how much likelier it is to be out with a defect than without one: the logarithm of that ratio, over
 * the largest. Defects are those that looks report and telemetry shows; without one is what clean looks cover. So a channel
 * that shifts for reasons of its own, where looks find nothing, stops being evidence.
 */
export function learnDirections(
  stem: StemParameters,
  samples: readonly SensorSamples[],
  looks: ReadonlyMap<string, SensorLooks>,
): LearnedDirections {
  const every = allDirections(stem.channels.length);
  const defective: Tally = { intervals: 0, out: new Float64Array(every.length) };
  const clean: Tally = { intervals: 0, out: new Float64Array(every.length) };
  let seen = 0;
  for (const own of samples) {
    for (const interval of looks.get(own.sensor.sensorId)?.intervals ?? []) {
      const isClean = interval.belief === 'healthy';
      const out = directionsOut(stem, own, interval);
      if (out.length === 0 && !isClean) continue;
      const tally = isClean ? clean : defective;
      tally.intervals += interval.confidence;
      for (const direction of out) tally.out[direction]! += interval.confidence;
      if (!isClean) seen++;
    }
  }
  const ratios = Float64Array.from(every, (_, i) => {
    const withDefect = (defective.out[i]! + USUAL_WITH * LOOKS_WITH) / (defective.intervals + LOOKS_WITH);
    const without = (clean.out[i]! + USUAL_WITHOUT * LOOKS_WITHOUT) / (clean.intervals + LOOKS_WITHOUT);
    return Math.log(withDefect / without);
  });
  const largest = Math.max(...ratios);
  // All that was seen is as common without a defect.
  if (largest <= 0) return { directions: every, seen };
  return { directions: Float32Array.from(ratios, (ratio) => Math.max(0, ratio / largest)), seen };
}

/** The directions that telemetry shows to be out, judged as if a defect had been reported. */
function directionsOut(stem: StemParameters, own: SensorSamples, interval: LookInterval): number[] {
  const every = allDirections(stem.channels.length);
  const reported = interval.belief === 'healthy' ? { ...interval, belief: 'onset' as const } : interval;
  const shown = shownInside(own, stem, every, reported).filter(({ probability }) => probability > 0.5);
  if (shown.length === 0) return [];
  const sums = new Float64Array(every.length);
  for (const { at } of shown) {
    const marks = marksAt(own, at);
    for (let i = 0; i < sums.length; i++) sums[i]! += marks[(i >> 1) * MARKS_PER_CHANNEL + (i & 1)]!;
  }
  const furthest = Math.max(...sums);
  return [...sums.keys()].filter((i) => sums[i]! >= OUT_TOO * furthest);
}

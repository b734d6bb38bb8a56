/** Learns from looks which channels depart where there is a defect, and which way. */
import { MARKS_PER_CHANNEL } from './head.ts';
import { marksAt, type SensorSamples } from './sensor-samples.ts';
import { shownInside, type SensorLooks } from './shown-defects.ts';
import type { StemParameters } from './stem.ts';

/** A direction that no look has confirmed counts as if it had so many votes already. */
const VOTES_BEFORE = 1;
/** A kind of defect that is a third as common as another is none the less one: its direction counts in full. */
const COMMON_ENOUGH = 1 / 3;

export interface LearnedDirections {
  /** [channels, 2]: below and above what is expected, 1 at most. */
  readonly directions: Float32Array;
  /** How many defects were seen that telemetry shows. */
  readonly seen: number;
}

/**
 * Every seen defect that telemetry shows votes for the direction that was furthest out; a direction without a vote
 * counts for less, the more votes others have.
 */
export function learnDirections(
  stem: StemParameters,
  samples: readonly SensorSamples[],
  looks: ReadonlyMap<string, SensorLooks>,
): LearnedDirections {
  let seen = 0;
  const votes = new Float32Array(2 * stem.channels.length);
  for (const own of samples) {
    for (const interval of looks.get(own.sensor.sensorId)?.intervals ?? []) {
      if (interval.belief === 'healthy') continue;
      const shown = shownInside(own, stem, interval).filter(({ probability }) => probability > 0.5);
      if (shown.length === 0) continue;
      const sums = new Float64Array(votes.length);
      for (const { at } of shown) {
        const marks = marksAt(own, at);
        for (let i = 0; i < sums.length; i++) sums[i]! += marks[(i >> 1) * MARKS_PER_CHANNEL + (i & 1)]!;
      }
      votes[sums.indexOf(Math.max(...sums))]! += interval.confidence;
      seen++;
    }
  }
  const most = Math.max(...votes);
  return {
    directions: votes.map((count) =>
      Math.min(1, (count / COMMON_ENOUGH + VOTES_BEFORE) / (most + VOTES_BEFORE)),
    ),
    seen,
  };
}

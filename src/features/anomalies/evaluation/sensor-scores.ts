/** All that was scored of one sensor, in typed arrays: some 40 bytes a reading with its context. */

export interface SensorScores {
  readonly sensorId: string;
  /** Milliseconds since 1970, rising. */
  readonly observedAt: Float64Array;
  /** Probability of an anomaly; NaN where the reading was not scored, as during warm-up. */
  readonly score: Float32Array;
  /** 1 where an event is open. */
  readonly anomalous: Uint8Array;
  /** Readings at which an event opens. */
  readonly openings: Uint32Array;
  /** One array a context column, NaN for missing. */
  readonly context: readonly Float32Array[];
}

export const HOUR_MS = 3_600_000;
/** A gap is watched time for no longer than so many usual intervals. */
const LONGEST_STEP_INTERVALS = 3;
const INTERVALS_SAMPLED = 1001;

/** Hours that each reading stands for: the time since the one before it, but not whole gaps. */
export function longestStepHours(observedAt: Float64Array): number {
  const steps = observedAt
    .subarray(1, INTERVALS_SAMPLED + 1)
    .map((time, at) => (time - observedAt[at]!) / HOUR_MS)
    .sort();
  return LONGEST_STEP_INTERVALS * (steps[Math.floor(steps.length / 2)] ?? 0);
}

/** What is known to have been wrong with a sensor's tower, and when: the truth that scores are measured against. */

export interface TrueDefect {
  readonly sensorId: string;
  readonly kind: string;
  /** Milliseconds since 1970, as all times here. */
  readonly onsetAt: number;
  /** From when it ought to be found; Infinity where it never grows that far. */
  readonly severeAt: number;
  /** Infinity where it was never repaired. */
  readonly repairedAt: number;
  /** In words; '' where the truth does not say. */
  readonly severity: string;
  /** Greatest ratio of a joint, shorted discs, broken strands; NaN where the truth does not say. */
  readonly magnitude: number;
  /** False for what impedance is not claimed to show; it is reported apart. */
  readonly claimed: boolean;
}

export type Health = 'healthy' | 'defective' | 'unjudged';

/** A model may need so long to get used to a tower that has been repaired. */
const SETTLING_MS = 3 * 86_400_000;

/**
 * Time between onset and severity says nothing about a score, nor does time with a defect that is not claimed.
 *
 * @param defects of one sensor
 */
export function healthAt(defects: readonly TrueDefect[], time: number): Health {
  let health: Health = 'healthy';
  for (const { onsetAt, severeAt, repairedAt, claimed } of defects) {
    if (time < onsetAt || time >= repairedAt + SETTLING_MS) continue;
    if (claimed && time >= severeAt && time < repairedAt) return 'defective';
    health = 'unjudged';
  }
  return health;
}

/** Noise with a memory: wanders about zero and forgets itself over a given time (Ornstein-Uhlenbeck). */
import type { Random } from '../../core/statistics/random.ts';

export interface MeanRevertingShape {
  readonly deviation: number;
  /** Time after which the correlation has fallen to 1/e. */
  readonly memoryHours: number;
}

/** @returns draws the next value; steps lie `stepHours` apart, and the first is drawn from the long-run spread */
export function createMeanReverting(
  random: Random,
  shape: MeanRevertingShape,
  stepHours: number,
): () => number {
  const kept = Math.exp(-stepHours / shape.memoryHours);
  const fresh = shape.deviation * Math.sqrt(1 - kept * kept);
  let value = shape.deviation * random.normal();
  return () => {
    value = kept * value + fresh * random.normal();
    return value;
  };
}

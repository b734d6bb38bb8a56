/** Noise with a memory: wanders about zero and forgets itself over a given time (Ornstein-Uhlenbeck). */
import type { Random } from '../../core/statistics/random.ts';

export interface MeanRevertingShape {
  readonly deviation: number;
  /** Time after which the correlation has fallen to 1/e. */
  readonly memoryHours: number;
}

/** Many such noises of one shape, each with a generator of its own; kept together, because millions are drawn. */
export class MeanRevertingBank {
  private readonly values: Float64Array;
  private readonly kept: number;
  private readonly fresh: number;

  /** Steps lie `stepHours` apart; the value before the first one is drawn from the long-run spread. */
  constructor(
    private readonly randoms: readonly Random[],
    shape: MeanRevertingShape,
    stepHours: number,
  ) {
    this.kept = Math.exp(-stepHours / shape.memoryHours);
    this.fresh = shape.deviation * Math.sqrt(1 - this.kept * this.kept);
    this.values = Float64Array.from(randoms, (random) => shape.deviation * random.normal());
  }

  next(index: number): number {
    const value = this.kept * this.values[index]! + this.fresh * this.randoms[index]!.normal();
    this.values[index] = value;
    return value;
  }
}

/** @returns draws the next value of a single one */
export function createMeanReverting(
  random: Random,
  shape: MeanRevertingShape,
  stepHours: number,
): () => number {
  const bank = new MeanRevertingBank([random], shape, stepHours);
  return () => bank.next(0);
}

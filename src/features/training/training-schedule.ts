/** The stages of a detector's training, and the step sizes at each step. */
import { augmentation, training } from '../../catalogue/models/defect-detector/defaults.ts';

export type StageName = 'warm-up' | 'train' | 'fine-tune';

export interface Stage {
  readonly name: StageName;
  /** First pass and the one after the last. */
  readonly first: number;
  readonly end: number;
  /** Window that the network sees, px. */
  readonly window: { readonly width: number; readonly height: number };
  readonly scales: readonly [number, number];
  readonly quarterTurn: number;
  /** Whether pictures are joined with pieces of others. */
  readonly mixes: boolean;
  /** Whether pictures with defects are shown more often than others. */
  readonly favoursDefects: boolean;
}

export interface Epochs {
  readonly warmUp: number;
  readonly train: number;
  readonly fineTune: number;
}

/**
 * Warm-up: heads alone. Train: all but the stem, on random windows. Fine-tune: whole pictures at full size, much as
 * they will be met, those with defects more often. A pretext task of its own is not needed: the backbone comes
 * trained.
 *
 * @param full size of the network's frame, px
 */
export function planStages(epochs: Epochs, full: { width: number; height: number }): Stage[] {
  const { window, scale: scales, quarterTurn, fineTuneScale, fineTuneQuarterTurn } = augmentation;
  const learning = { window, scales, quarterTurn, favoursDefects: false };
  const tuning = { window: full, scales: fineTuneScale, quarterTurn: fineTuneQuarterTurn };
  const stages = [
    { name: 'warm-up', count: epochs.warmUp, ...learning, mixes: false },
    { name: 'train', count: epochs.train, ...learning, mixes: true },
    { name: 'fine-tune', count: epochs.fineTune, ...tuning, mixes: false, favoursDefects: true },
  ] as const;
  let first = 0;
  return stages.map(({ count, ...stage }) => {
    const planned = { ...stage, first, end: first + count };
    first += count;
    return planned;
  });
}

/**
 * Step sizes rise over the first steps of each stage. In training they fall along a cosine that is as long as
 * training and fine-tuning together; fine-tuning, on other windows, begins again lower and falls to the end.
 *
 * @param step of the whole training; @param stepsPerEpoch of one pass
 */
export function ratesAt(
  step: number,
  stepsPerEpoch: number,
  epochs: Epochs,
): { heads: number; learner: number } {
  const { learningRate, rampSteps, fineTuneRate } = training;
  const warmUp = epochs.warmUp * stepsPerEpoch;
  const ramp = (done: number): number => Math.min(1, (done + 1) / rampSteps);
  if (step < warmUp) return { heads: learningRate.heads * ramp(step), learner: 0 };
  const fall = (done: number, total: number): number =>
    ramp(done) * (0.01 + (0.99 * (1 + Math.cos((Math.PI * Math.min(done, total)) / total))) / 2);
  const [trains, tunes] = [epochs.train * stepsPerEpoch, epochs.fineTune * stepsPerEpoch];
  const done = step - warmUp;
  const factor = done < trains ? fall(done, trains + tunes) : fineTuneRate * fall(done - trains, tunes);
  return { heads: learningRate.heads * factor, learner: learningRate.learner * factor };
}

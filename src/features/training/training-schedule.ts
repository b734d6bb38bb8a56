/** The stages of a detector's training, and the step sizes at each step. */
import {
  augmentation,
  training,
  type CropPlan,
  type Shows,
} from '../../catalogue/models/defect-detector/defaults.ts';
import type { Rates } from '../../catalogue/models/defect-detector/trainer.ts';

export type StageName = 'warm-up' | 'train' | 'fine-tune' | 'settle';

export interface Stage {
  readonly name: StageName;
  /** First pass and the one after the last. */
  readonly first: number;
  readonly end: number;
  /** Window that the network sees, px. */
  readonly window: { readonly width: number; readonly height: number };
  readonly scales: readonly [number, number];
  readonly aspect: number;
  readonly quarterTurn: number;
  /** Whether pictures are joined with pieces of others. */
  readonly mixes: boolean;
  /** How often pictures are shown against one another. */
  readonly shows: Shows;
  readonly crops: CropPlan;
}

export interface Epochs {
  readonly warmUp: number;
  readonly train: number;
  readonly fineTune: number;
  readonly settle: number;
}

/**
 * Warm-up: heads alone. Train: all but the stem, on random windows. Fine-tune: whole pictures at full size, much as
 * they will be met, those with defects more often. Settle: the heads alone, on sharp pictures and many crops of each
 * object. A pretext task of its own is not needed: the backbone comes trained.
 *
 * @param full size of the network's frame, px
 */
export function planStages(epochs: Epochs, full: { width: number; height: number }): Stage[] {
  const { window, scale: scales, aspect, quarterTurn, fineTuneScale, fineTuneQuarterTurn } = augmentation;
  const { crops, settleCrops, shows } = training;
  const learning = { window, scales, aspect, quarterTurn, crops, shows: shows.train };
  const tuning = { window: full, scales: fineTuneScale, aspect, quarterTurn: fineTuneQuarterTurn, crops };
  const settling = { window: full, scales: [1, 1], aspect: 0, quarterTurn: 0, crops: settleCrops } as const;
  const stages = [
    { name: 'warm-up', count: epochs.warmUp, ...learning, mixes: false },
    { name: 'train', count: epochs.train, ...learning, mixes: true },
    { name: 'fine-tune', count: epochs.fineTune, ...tuning, mixes: false, shows: shows.fineTune },
    { name: 'settle', count: epochs.settle, ...settling, mixes: false, shows: shows.settle },
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
 * training and fine-tuning together; fine-tuning, on other windows, begins again lower and falls to its end, and so
 * do the heads when they settle.
 *
 * @param step of the whole training; @param stepsPerEpoch of one pass
 */
export function ratesAt(step: number, stepsPerEpoch: number, epochs: Epochs): Rates {
  const { learningRate, rampSteps, fineTuneRate, settleRate } = training;
  const warmUp = epochs.warmUp * stepsPerEpoch;
  const ramp = (done: number): number => Math.min(1, (done + 1) / rampSteps);
  if (step < warmUp) {
    return { learner: 0, heads: learningRate.heads * ramp(step) };
  }
  const fall = (done: number, total: number): number =>
    ramp(done) * (0.01 + (0.99 * (1 + Math.cos((Math.PI * Math.min(done, total)) / total))) / 2);
  const [trains, tunes] = [epochs.train * stepsPerEpoch, epochs.fineTune * stepsPerEpoch];
  const done = step - warmUp;
  if (done >= trains + tunes) {
    const settling = settleRate * fall(done - trains - tunes, epochs.settle * stepsPerEpoch);
    return { learner: 0, heads: learningRate.heads * settling };
  }
  const factor = done < trains ? fall(done, trains + tunes) : fineTuneRate * fall(done - trains, tunes);
  return { learner: learningRate.learner * factor, heads: learningRate.heads * factor };
}

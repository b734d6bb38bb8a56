/** The stages of a detector's training, and the step sizes at each step. */
import {
  augmentation,
  training,
  type CropPlan,
  type Shows,
} from '../../catalogue/models/defect-detector/defaults.ts';
import type { Rates } from '../../catalogue/models/defect-detector/trainer.ts';

export type StageName = 'warm-up' | 'train' | 'fine-tune' | 'place';

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
  /** Left out, each picture once. */
  readonly shows?: Shows;
  readonly crops: CropPlan;
}

export interface Epochs {
  readonly warmUp: number;
  readonly train: number;
  readonly fineTune: number;
  readonly place: number;
}

/**
 * Warm-up: heads alone. Train: all but the stem, on random windows. Fine-tune: whole pictures at full size, much as
 * they will be met, those with defects more often. Place: only the branch that places boxes, on many crops of each
 * object. A pretext task of its own is not needed: the backbone comes trained.
 *
 * @param full size of the network's frame, px
 */
export function planStages(epochs: Epochs, full: { width: number; height: number }): Stage[] {
  const { window, scale: scales, aspect, quarterTurn, fineTuneScale, fineTuneQuarterTurn } = augmentation;
  const { crops, placeCrops, fineTuneShows, placeShows } = training;
  const learning = { window, scales, aspect, quarterTurn, crops };
  const tuning = { window: full, scales: fineTuneScale, aspect, quarterTurn: fineTuneQuarterTurn, crops };
  const placing = { window: full, scales: [1, 1], aspect: 0, quarterTurn: 0, crops: placeCrops } as const;
  const stages = [
    { name: 'warm-up', count: epochs.warmUp, ...learning, mixes: false },
    { name: 'train', count: epochs.train, ...learning, mixes: true },
    { name: 'fine-tune', count: epochs.fineTune, ...tuning, mixes: false, shows: fineTuneShows },
    { name: 'place', count: epochs.place, ...placing, mixes: false, shows: placeShows },
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
 * does the branch that places boxes in its own passes.
 *
 * @param step of the whole training; @param stepsPerEpoch of one pass
 */
export function ratesAt(step: number, stepsPerEpoch: number, epochs: Epochs): Rates {
  const { learningRate, rampSteps, fineTuneRate, placeRate } = training;
  const warmUp = epochs.warmUp * stepsPerEpoch;
  const ramp = (done: number): number => Math.min(1, (done + 1) / rampSteps);
  if (step < warmUp) {
    const heads = learningRate.heads * ramp(step);
    return { learner: 0, heads, place: heads };
  }
  const fall = (done: number, total: number): number =>
    ramp(done) * (0.01 + (0.99 * (1 + Math.cos((Math.PI * Math.min(done, total)) / total))) / 2);
  const [trains, tunes] = [epochs.train * stepsPerEpoch, epochs.fineTune * stepsPerEpoch];
  const done = step - warmUp;
  if (done >= trains + tunes) {
    const placing = placeRate * fall(done - trains - tunes, epochs.place * stepsPerEpoch);
    return { learner: 0, heads: 0, place: learningRate.heads * placing };
  }
  const factor = done < trains ? fall(done, trains + tunes) : fineTuneRate * fall(done - trains, tunes);
  const heads = learningRate.heads * factor;
  return { learner: learningRate.learner * factor, heads, place: heads };
}

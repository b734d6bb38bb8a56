/** What learner and heads lose on a batch of windows: the four parts that training shows and adds up. */
import * as tf from '@tensorflow/tfjs';
import type { Random } from '../../../core/statistics/random.ts';
import type { WeightTensors } from '../coco-backbone/convolve.ts';
import { architecture as backbone } from '../coco-backbone/defaults.ts';
import { learnerFeatureMaps } from '../coco-backbone/learner.ts';
import { widenBox } from '../../../core/geometry/box.ts';
import { chooseCrops, type LearningCrop } from './choose-crops.ts';
import { architecture, type CropPlan } from './defaults.ts';
import { findProposals, type Proposal } from './find-proposals.ts';
import { cropDetails, detailMaps, judgeCrops, refineBoxes } from './judge-crops.ts';
import { boxLoss, classLoss, heatLoss } from './loss.ts';
import { proposalMaps, type ProposalMaps } from './propose.ts';
import { makeTargets, type Targets } from './targets.ts';
import type { TrainingPicture } from './training-picture.ts';

/** First stage: heat map and boxes; second stage: classes and refined boxes. */
export const LOSSES = ['heat', 'box', 'class', 'refine'] as const;
export type LossName = (typeof LOSSES)[number];

export interface WindowLossOptions {
  /** See `proposalMaps`. */
  readonly basePixels: readonly number[];
  readonly crops: CropPlan;
  readonly random: Random;
}

/** @param stem feature maps of the windows: [windows, rows, columns, 24] */
export function windowLosses(
  weights: WeightTensors,
  stem: tf.Tensor4D,
  windows: readonly TrainingPicture[],
  { basePixels, crops: plan, random }: WindowLossOptions,
): Record<LossName, tf.Scalar> {
  const classes = basePixels.length;
  const learner = learnerFeatureMaps(weights, stem); // [windows, rows, columns, 128]
  const maps = proposalMaps(weights, learner, basePixels);
  const targets = makeTargets(windows, classes);
  const heat = heatLoss(tf.reshape(maps.logits, [targets.heat.length]), tf.tensor1d(targets.heat));
  const box = proposalBoxLoss(maps, targets);
  const proposals = proposalsOf(maps, windows.length);
  const crops = windows.map(({ objects }, window) => chooseCrops(random, objects, proposals[window]!, plan));
  const judged = cropLosses(weights, detailMaps(weights, stem, learner), crops, plan.perPicture, classes);
  return { heat, box, ...judged };
}

/** Over the cells near a centre only: all others weigh nothing, and are a thousand times as many. */
function proposalBoxLoss({ distances }: ProposalMaps, { boxes, boxWeights }: Targets): tf.Scalar {
  const [, rows, columns, channels] = distances.shape;
  const { stride } = backbone;
  const learning = Array.from(boxWeights.keys()).filter((entry) => boxWeights[entry]! > 0);
  // A window without any object still needs an entry; it weighs nothing.
  const entries = learning.length > 0 ? learning : [0];
  const middles = entries.flatMap((entry) => {
    const cell = Math.floor(entry / (channels / 4)) % (rows * columns);
    const [x, y] = [((cell % columns) + 0.5) * stride, (Math.floor(cell / columns) + 0.5) * stride];
    return [x, y, x, y];
  });
  const reaching = tf.gather(tf.reshape(distances, [-1, 4]), tf.tensor1d(entries, 'int32')); // [entries, 4], px
  const corners = tf.add<tf.Tensor2D>(
    tf.tensor2d(middles, [entries.length, 4]),
    tf.mul(reaching, [-1, -1, 1, 1]),
  );
  return boxLoss(
    corners,
    tf.tensor2d(
      entries.flatMap((entry) => Array.from(boxes.subarray(entry * 4, entry * 4 + 4))),
      [entries.length, 4],
    ),
    tf.tensor1d(entries.map((entry) => boxWeights[entry]!)),
  );
}

/** As they stand now; no gradient flows through the choice. */
function proposalsOf({ logits, distances }: ProposalMaps, windows: number): Proposal[][] {
  const [, rows, columns, classes] = logits.shape;
  const entries = rows * columns * classes;
  const [allLogits, allDistances] = [logits.dataSync<'float32'>(), distances.dataSync<'float32'>()];
  return Array.from({ length: windows }, (_, window) =>
    findProposals({
      rows,
      columns,
      classes,
      logits: allLogits.subarray(window * entries, (window + 1) * entries),
      distances: allDistances.subarray(window * entries * 4, (window + 1) * entries * 4),
    }),
  );
}

/** @param details [windows, rows, columns, 48]; @param crops per window; empty places weigh nothing */
function cropLosses(
  weights: WeightTensors,
  details: tf.Tensor4D,
  crops: readonly (readonly LearningCrop[])[],
  perPicture: number,
  classes: number,
): { class: tf.Scalar; refine: tf.Scalar } {
  const places = crops.length * perPicture;
  const boxes = new Float32Array(places * 4).fill(1);
  const wide = new Float32Array(places * 4);
  const trueBoxes = new Float32Array(places * 4).fill(1);
  const choices = new Float32Array(places * (classes + 1));
  const [counts, refines] = [new Float32Array(places), new Float32Array(places)];
  crops.forEach((chosen, window) => {
    for (let i = 0; i < perPicture; i++) {
      const place = window * perPicture + i;
      const crop = chosen[i] ?? { box: [0, 0, 32, 32] as const, choice: 0, trueBox: null };
      boxes.set(crop.box, place * 4);
      wide.set(widenBox(crop.box, architecture.cropMargin), place * 4);
      choices[place * (classes + 1) + crop.choice] = 1;
      counts[place] = i < chosen.length ? 1 : 0;
      trueBoxes.set(crop.trueBox ?? crop.box, place * 4);
      refines[place] = crop.trueBox ? 1 : 0;
    }
  });
  const cut = cropDetails(details, tf.tensor3d(wide, [crops.length, perPicture, 4])); // [places, 12, 12, 48]
  const { logits, refinements } = judgeCrops(weights, cut);
  return {
    class: classLoss(logits, tf.tensor2d(choices, [places, classes + 1]), tf.tensor1d(counts)),
    refine: boxLoss(
      refineBoxes(tf.tensor2d(boxes, [places, 4]), refinements),
      tf.tensor2d(trueBoxes, [places, 4]),
      tf.tensor1d(refines),
    ),
  };
}

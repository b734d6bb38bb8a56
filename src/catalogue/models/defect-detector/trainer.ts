/** Teaches learner and heads together on batches of windows; the shared stem stays as it is. */
import * as tf from '@tensorflow/tfjs';
import { Unavailable } from '../../../core/domain/failure.ts';
import type { NamedWeight, NamedWeights } from '../../../core/domain/model-weights.ts';
import type { Random } from '../../../core/statistics/random.ts';
import type { WeightTensors } from '../coco-backbone/convolve.ts';
import { architecture as backbone } from '../coco-backbone/defaults.ts';
import { learnerFeatureMaps } from '../coco-backbone/learner.ts';
import { stemFeatureMaps } from '../coco-backbone/stem.ts';
import { createAdam } from './adam.ts';
import { widenBox } from './box.ts';
import { chooseCrops, type LearningCrop } from './choose-crops.ts';
import { architecture, training } from './defaults.ts';
import { findProposals, type Proposal } from './find-proposals.ts';
import { cropDetails, detailMaps, judgeCrops, refineBoxes } from './judge-crops.ts';
import { boxLoss, classLoss, heatLoss } from './loss.ts';
import { toInputTensor } from './preprocess.ts';
import { proposalMaps, type ProposalMaps } from './propose.ts';
import { makeTargets } from './targets.ts';
import type { TrainingPicture } from './training-picture.ts';

/** The parts of the loss, each before its weight. */
export interface BatchLosses {
  readonly heat: number;
  readonly box: number;
  readonly class: number;
  readonly refine: number;
}

export interface StepPlan {
  /** Step sizes of heads and learner; a learner that rests is not even differentiated. */
  readonly rates: { readonly heads: number; readonly learner: number };
  readonly random: Random;
}

export interface Trainer {
  /** @returns the losses before the step; @throws Unavailable where they are no longer finite */
  step(windows: readonly TrainingPicture[], plan: StepPlan): BatchLosses;
  /** Learner and heads. */
  weights(): Record<string, NamedWeight>;
  /** Of the optimiser. */
  state(): NamedWeights;
  dispose(): void;
}

export interface TrainerStart {
  /** Of the shared stem; stays as it is. */
  readonly stem: NamedWeights;
  /** Learner and heads. */
  readonly weights: NamedWeights;
  /** Of an optimiser that was stopped. */
  readonly state?: NamedWeights;
  readonly basePixels: readonly number[];
}

const LOSSES = ['heat', 'box', 'class', 'refine'] as const;

/** To be asked before any work that only training needs. */
export function requireTrainingBackend(): void {
  const reasons: Readonly<Record<string, string>> = {
    wasm: 'The wasm backend lacks the gradients of convolutions',
    webgpu: 'The webgpu backend cannot hand numbers back in the middle of a step under Node.js',
  };
  const reason = reasons[tf.getBackend()];
  if (reason === undefined) return;
  throw new Unavailable(
    'training-needs-native',
    `${reason} and cannot train: run \`npm run tensorflow\` once to build native TensorFlow.`,
  );
}

export function createTrainer({ stem, weights, state, basePixels }: TrainerStart): Trainer {
  requireTrainingBackend();
  const stemTensors = toTensors(stem);
  const variables: Record<string, tf.Variable> = {};
  for (const [name, { shape, values }] of Object.entries(weights)) {
    variables[name] = tf.tidy(() => tf.variable(tf.tensor(values, [...shape]), true));
  }
  const adam = createAdam(variables, state);

  return {
    step(windows, { rates, random }) {
      const moved = Object.entries(variables).filter(
        ([name]) => rates.learner > 0 || name.startsWith('task/'),
      );
      return tf.tidy(() => {
        const sums: Record<string, tf.Tensor> = {};
        const losses: Record<(typeof LOSSES)[number], number> = { heat: 0, box: 0, class: 0, refine: 0 };
        const { microBatch } = training;
        const parts = Math.ceil(windows.length / microBatch);
        for (let part = 0; part < parts; part++) {
          const some = windows.slice(part * microBatch, (part + 1) * microBatch);
          const features = stemFeatureMaps(stemTensors, windowTensor(some));
          let lossParts: tf.Tensor1D | undefined;
          const { grads } = tf.variableGrads(
            () => {
              const each = windowLosses(variables, features, some, basePixels, random);
              lossParts = tf.keep(tf.stack(LOSSES.map((name) => each[name])) as tf.Tensor1D);
              const { box, class: classes, refine } = training.lossWeights;
              return tf.sum(tf.mul(tf.stack(LOSSES.map((name) => each[name])), [1, box, classes, refine]));
            },
            moved.map(([, variable]) => variable),
          );
          features.dispose();
          const values = lossParts!.dataSync();
          lossParts!.dispose();
          LOSSES.forEach((name, index) => (losses[name] += values[index]! / parts));
          for (const [name, variable] of moved) {
            const gradient = grads[variable.name];
            if (!gradient) continue;
            const former = sums[name];
            sums[name] = former ? tf.add(former, gradient) : gradient;
            if (former) tf.dispose([former, gradient]);
          }
        }
        requireFinite(losses);
        adam.apply(shorten(sums, 1 / parts), (name) =>
          name.startsWith('task/') ? rates.heads : rates.learner,
        );
        return losses;
      });
    },
    weights() {
      const named: Record<string, NamedWeight> = {};
      for (const [name, variable] of Object.entries(variables)) {
        named[name] = { shape: variable.shape, values: Float32Array.from(variable.dataSync()) };
      }
      return named;
    },
    state: () => adam.state(),
    dispose() {
      adam.dispose();
      tf.dispose(variables);
      tf.dispose(stemTensors);
    },
  };
}

function toTensors(weights: NamedWeights): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(weights).map(([name, { shape, values }]) => [name, tf.tensor(values, [...shape])]),
  );
}

function windowTensor(windows: readonly TrainingPicture[]): tf.Tensor4D {
  const { width, height } = windows[0]!;
  const bytes = width * height * 3;
  const frames = new Uint8Array(windows.length * bytes);
  windows.forEach(({ data }, index) => frames.set(data, index * bytes));
  return toInputTensor(frames, windows.length, { width, height }); // [windows, height, width, 3]
}

function windowLosses(
  weights: WeightTensors,
  stem: tf.Tensor4D,
  windows: readonly TrainingPicture[],
  basePixels: readonly number[],
  random: Random,
): Record<(typeof LOSSES)[number], tf.Scalar> {
  const classes = basePixels.length;
  const learner = learnerFeatureMaps(weights, stem); // [windows, rows, columns, 128]
  const maps = proposalMaps(weights, learner, basePixels);
  const targets = makeTargets(windows, classes);
  const cells = targets.heat.length;
  const heat = heatLoss(tf.reshape(maps.logits, [cells]), tf.tensor1d(targets.heat));
  const box = boxLoss(
    cornersOf(maps, windows.length),
    tf.tensor2d(targets.boxes, [cells, 4]),
    tf.tensor1d(targets.boxWeights),
  );
  const proposals = proposalsOf(maps, windows.length);
  const crops = windows.map(({ objects }, window) => chooseCrops(random, objects, proposals[window]!));
  const judged = cropLosses(weights, detailMaps(weights, stem, learner), crops, classes);
  return { heat, box, ...judged };
}

/** Distances become corners. @returns [cells * classes, 4], px */
function cornersOf({ distances }: ProposalMaps, batch: number): tf.Tensor2D {
  const [, rows, columns, channels] = distances.shape;
  const { stride } = backbone;
  const x = tf.mul(tf.add(tf.range(0, columns), 0.5), stride); // [columns]
  const y = tf.mul(tf.add(tf.range(0, rows), 0.5), stride); // [rows]
  const middles = tf.stack(
    [tf.tile(tf.reshape(x, [1, columns]), [rows, 1]), tf.tile(tf.reshape(y, [rows, 1]), [1, columns])],
    2,
  ); // [rows, columns, 2]
  const centre = tf.reshape(tf.concat([middles, middles], 2), [1, rows, columns, 1, 4]);
  const signed = tf.mul(tf.reshape(distances, [batch, rows, columns, channels / 4, 4]), [-1, -1, 1, 1]);
  return tf.reshape(tf.add(centre, signed), [-1, 4]);
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
  classes: number,
): { class: tf.Scalar; refine: tf.Scalar } {
  const { cropsPerPicture } = training;
  const places = crops.length * cropsPerPicture;
  const boxes = new Float32Array(places * 4).fill(1);
  const wide = new Float32Array(places * 4);
  const trueBoxes = new Float32Array(places * 4).fill(1);
  const choices = new Float32Array(places * (classes + 1));
  const [counts, refines] = [new Float32Array(places), new Float32Array(places)];
  crops.forEach((chosen, window) => {
    for (let i = 0; i < cropsPerPicture; i++) {
      const place = window * cropsPerPicture + i;
      const crop = chosen[i] ?? { box: [0, 0, 32, 32] as const, choice: 0, trueBox: null };
      boxes.set(crop.box, place * 4);
      wide.set(widenBox(crop.box, architecture.cropMargin), place * 4);
      choices[place * (classes + 1) + crop.choice] = 1;
      counts[place] = i < chosen.length ? 1 : 0;
      trueBoxes.set(crop.trueBox ?? crop.box, place * 4);
      refines[place] = crop.trueBox ? 1 : 0;
    }
  });
  const cut = cropDetails(details, tf.tensor3d(wide, [crops.length, cropsPerPicture, 4])); // [places, 12, 12, 48]
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

/** Keeps the direction and bounds the length over all weights together. */
function shorten(gradients: Record<string, tf.Tensor>, factor: number): Record<string, tf.Tensor> {
  const length = tf.mul(tf.sqrt(tf.addN(Object.values(gradients).map((g) => tf.sum(tf.square(g))))), factor);
  const share = tf.mul(tf.minimum(1, tf.div(training.gradientNorm, tf.add(length, 1e-9))), factor);
  return Object.fromEntries(Object.entries(gradients).map(([name, g]) => [name, tf.mul(g, share)]));
}

function requireFinite(losses: Record<string, number>): void {
  const lost = Object.entries(losses).find(([, value]) => !Number.isFinite(value));
  if (!lost) return;
  throw new Unavailable(
    'training-diverged',
    `The ${lost[0]} loss is ${lost[1]}: training has diverged. Start again with another seed or smaller step sizes.`,
  );
}

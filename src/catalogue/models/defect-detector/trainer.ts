/** Learns all parts of the detector together, one batch a step. */
import * as tf from '@tensorflow/tfjs';
import { Unavailable } from '../../../core/domain/failure.ts';
import type { NamedWeight, NamedWeights } from '../../../core/domain/model-weights.ts';
import type { Random } from '../../../core/statistics/random.ts';
import { classifyCrops, cropObjects } from './classify-crops.ts';
import { OBJECT_CATEGORIES, training } from './defaults.ts';
import { detectObjects } from './detect-objects.ts';
import { learnerFeatureMaps } from './learner.ts';
import { boxLoss, defectLoss, heatLoss } from './loss.ts';
import { toInputTensor } from './preprocess.ts';
import { stemFeatureMaps } from './stem.ts';
import { makeTargets } from './targets.ts';
import type { TrainingExample } from './training-example.ts';

export interface BatchLosses {
  readonly heat: number;
  readonly box: number;
  readonly defect: number;
}

export interface Trainer {
  /** @returns the losses before the step */
  step(random: Random, examples: readonly TrainingExample[]): BatchLosses;
  weights(): Promise<Record<string, NamedWeight>>;
  dispose(): void;
}

/** To be asked before any work that only training needs. */
export function requireTrainingBackend(): void {
  if (tf.getBackend() !== 'wasm') return;
  throw new Unavailable(
    'training-needs-native',
    'The wasm backend lacks the gradients of convolutions and cannot train: run `npm run tensorflow` once to build native TensorFlow.',
  );
}

/** @param steps planned in all; the step size follows a cosine over them */
export function createTrainer(initial: NamedWeights, steps: number): Trainer {
  requireTrainingBackend();
  const variables: Record<string, tf.Variable> = {};
  for (const [name, { shape, values }] of Object.entries(initial)) {
    variables[name] = tf.tidy(() => tf.variable(tf.tensor(values, [...shape]), true));
  }
  const optimizer = tf.train.adam(training.learningRate);
  let done = 0;
  return {
    step(random, examples) {
      // The published type lacks the setter's field, which every optimiser of the package has.
      (optimizer as unknown as { learningRate: number }).learningRate = learningRateAt(done, steps);
      done += 1;
      return tf.tidy(() => {
        let parts: tf.Tensor1D | undefined;
        const { grads } = tf.variableGrads(() => {
          const { heat, box, defect } = batchLosses(variables, random, examples);
          parts = tf.keep(tf.stack([heat, box, defect]) as tf.Tensor1D);
          return tf.addN([heat, tf.mul(box, training.boxWeight), tf.mul(defect, training.defectWeight)]);
        }, Object.values(variables));
        optimizer.applyGradients(shorten(grads));
        const [heat = NaN, box = NaN, defect = NaN] = parts?.dataSync() ?? [];
        parts?.dispose();
        return { heat, box, defect };
      });
    },
    async weights() {
      const named: Record<string, NamedWeight> = {};
      for (const [name, variable] of Object.entries(variables)) {
        named[name] = { shape: variable.shape, values: Float32Array.from(await variable.data()) };
      }
      return named;
    },
    dispose() {
      optimizer.dispose();
      tf.dispose(variables);
    },
  };
}

export function learningRateAt(step: number, steps: number): number {
  const warm = Math.min(1, (step + 1) / training.warmUpSteps);
  const cosine = (1 + Math.cos((Math.PI * Math.min(step, steps)) / steps)) / 2;
  return training.learningRate * warm * (0.01 + 0.99 * cosine);
}

function batchLosses(
  variables: Record<string, tf.Variable>,
  random: Random,
  examples: readonly TrainingExample[],
): { heat: tf.Scalar; box: tf.Scalar; defect: tf.Scalar } {
  const batch = examples.length;
  const bytes = examples[0]?.frame.length ?? 0;
  const frames = new Uint8Array(batch * bytes);
  examples.forEach(({ frame }, index) => frames.set(frame, index * bytes));
  const targets = makeTargets(random, examples);
  const cells = targets.heat.length;
  const slots = [batch * training.objectsPerPicture, OBJECT_CATEGORIES.length];

  const stem = stemFeatureMaps(variables, toInputTensor(frames, batch)); // [batch, 72, 96, 32]
  const learner = learnerFeatureMaps(variables, stem); // [batch, 36, 48, 48]
  const { logits, distances } = detectObjects(variables, learner);
  const boxes = tf.tensor3d(targets.cropBoxes, [batch, training.objectsPerPicture, 4]);
  const judged = classifyCrops(variables, cropObjects(stem, learner, boxes)); // [batch * objects, ...]

  const heat = heatLoss(tf.reshape(logits, [cells]), tf.tensor1d(targets.heat));
  const box = boxLoss(
    tf.reshape(distances, [cells, 4]),
    tf.tensor2d(targets.distances, [cells, 4]),
    tf.tensor1d(targets.boxWeights),
  );
  const defect = defectLoss(
    judged.logits,
    tf.tensor(targets.defects, slots),
    tf.tensor(targets.cropMask, slots),
  );
  return { heat, box, defect };
}

/** Keeps the direction and bounds the length over all weights together. */
function shorten(gradients: tf.NamedTensorMap): { name: string; tensor: tf.Tensor }[] {
  const squares = Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)));
  const length = tf.sqrt(tf.addN(squares));
  const factor = tf.minimum(1, tf.div(training.gradientNorm, tf.add(length, 1e-9)));
  return Object.entries(gradients).map(([name, gradient]) => ({ name, tensor: tf.mul(gradient, factor) }));
}

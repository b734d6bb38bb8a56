/** Trains the head with TensorFlow.js on the backend that the caller has made ready. */
import * as tf from '@tensorflow/tfjs';
import type { Random } from '../../../core/statistics/random.ts';
import { DEFAULTS } from './defaults.ts';
import { UNSUPERVISED_LOGIT, type HeadWeights } from './head.ts';
import { shuffledBatches } from './shuffled-batches.ts';

export interface HeadExamples {
  /** [examples, inputs] */
  readonly inputs: Float32Array;
  /** Probability of a defect, one an example. */
  readonly targets: Float32Array;
  readonly weights: Float32Array;
  /** Index of the kind, -1 where it is not known. */
  readonly kinds: Int32Array;
  readonly kindCount: number;
}

export interface HeadSettings {
  readonly hidden: number;
  /** Large steps find the place, small ones settle. */
  readonly phases: readonly { readonly steps: number; readonly learningRate: number }[];
  readonly batch: number;
  /** Penalty on the squared kernels, and on leaving the unsupervised logit. */
  readonly decay: number;
}

export const HEAD_SETTINGS: HeadSettings = {
  hidden: DEFAULTS.headHidden,
  phases: [
    { steps: 90, learningRate: 0.02 },
    { steps: 50, learningRate: 0.004 },
  ],
  batch: 2048,
  decay: 3e-3,
};

export async function trainHead(
  examples: HeadExamples,
  random: Random,
  settings: HeadSettings = HEAD_SETTINGS,
): Promise<HeadWeights> {
  const count = examples.targets.length;
  const inputSize = examples.inputs.length / count;
  const outputs = 1 + examples.kindCount;
  const { hidden } = settings;
  const unsupervised = tf.tensor2d(unsupervisedKernel(inputSize, outputs), [inputSize, outputs]);
  // In a tidy, which keeps variables, because each starts as a copy of a tensor.
  const variables = tf.tidy(() => ({
    hiddenKernel: tf.variable(randomKernel(inputSize, hidden, random)),
    hiddenBias: tf.variable(tf.zeros<tf.Rank.R1>([hidden])),
    outputKernel: tf.variable(randomKernel(hidden, outputs, random)),
    skipKernel: tf.variable(tf.clone(unsupervised)),
    outputBias: tf.variable(tf.zeros<tf.Rank.R1>([outputs])),
  }));
  const batches = shuffledBatches(count, settings.batch, random);
  try {
    for (const { steps, learningRate } of settings.phases) {
      const optimizer = tf.train.adam(learningRate);
      for (let step = 0; step < steps; step++) {
        tf.tidy(() => {
          const batch = takeRows(examples, batches.next().value, inputSize);
          optimizer.minimize(() => headLoss(variables, unsupervised, batch, settings.decay));
        });
      }
      optimizer.dispose();
      // Others share this process's event loop.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return {
      hiddenKernel: (await variables.hiddenKernel.data()) as Float32Array,
      hiddenBias: (await variables.hiddenBias.data()) as Float32Array,
      outputKernel: (await variables.outputKernel.data()) as Float32Array,
      skipKernel: (await variables.skipKernel.data()) as Float32Array,
      outputBias: (await variables.outputBias.data()) as Float32Array,
    };
  } finally {
    for (const variable of Object.values(variables)) variable.dispose();
    unsupervised.dispose();
  }
}

export interface HeadTensors {
  readonly hiddenKernel: tf.Tensor2D;
  readonly hiddenBias: tf.Tensor;
  readonly outputKernel: tf.Tensor2D;
  readonly skipKernel: tf.Tensor2D;
  readonly outputBias: tf.Tensor;
}

/** The same forward pass as `Head`, for training; [batch, inputs] to [batch, outputs]. */
export function headLogits(weights: HeadTensors, inputs: tf.Tensor2D): tf.Tensor2D {
  const hidden = tf.relu(tf.add(tf.matMul(inputs, weights.hiddenKernel), weights.hiddenBias)); // [batch, hidden]
  const deep = tf.matMul(hidden, weights.outputKernel); // [batch, outputs]
  const straight = tf.matMul(inputs, weights.skipKernel); // [batch, outputs]
  return tf.add(tf.add(deep, straight), weights.outputBias);
}

interface Batch {
  readonly inputs: tf.Tensor2D;
  readonly targets: tf.Tensor2D;
  readonly weights: tf.Tensor2D;
  /** [batch, kinds], a row of zeros where the kind is not known. */
  readonly kinds: tf.Tensor2D | null;
}

function headLoss(weights: HeadTensors, unsupervised: tf.Tensor2D, batch: Batch, decay: number): tf.Scalar {
  const logits = headLogits(weights, batch.inputs); // [batch, outputs]
  const rows = logits.shape[0];
  const defect = tf.slice2d(logits, [0, 0], [rows, 1]); // [batch, 1]
  // softplus(x) - target * x is the cross-entropy of sigmoid(x).
  const binary = tf.sub(tf.softplus(defect), tf.mul(batch.targets, defect)); // [batch, 1]
  let loss = tf.sum(tf.mul(binary, batch.weights));
  if (batch.kinds !== null) {
    const kindLogits = tf.slice2d(logits, [0, 1], [rows, -1]); // [batch, kinds]
    const crossEntropy = tf.neg(tf.sum(tf.mul(batch.kinds, tf.logSoftmax(kindLogits)), 1, true)); // [batch, 1]
    loss = tf.add(loss, tf.sum(tf.mul(crossEntropy, batch.weights)));
  }
  const mean = tf.div(loss, rows);
  const kernels = [weights.hiddenKernel, weights.outputKernel, tf.sub(weights.skipKernel, unsupervised)];
  const penalty = kernels
    .map((kernel) => tf.sum(tf.square(kernel)))
    .reduce((left, right) => tf.add(left, right));
  return tf.add(mean, tf.mul(penalty, decay));
}

function takeRows(examples: HeadExamples, rows: Int32Array, inputSize: number): Batch {
  const inputs = new Float32Array(rows.length * inputSize);
  const targets = new Float32Array(rows.length);
  const weights = new Float32Array(rows.length);
  const kinds = new Float32Array(rows.length * examples.kindCount);
  for (const [at, row] of rows.entries()) {
    inputs.set(examples.inputs.subarray(row * inputSize, (row + 1) * inputSize), at * inputSize);
    targets[at] = examples.targets[row]!;
    weights[at] = examples.weights[row]!;
    const kind = examples.kinds[row]!;
    if (kind >= 0) kinds[at * examples.kindCount + kind] = examples.targets[row]!;
  }
  return {
    inputs: tf.tensor2d(inputs, [rows.length, inputSize]),
    targets: tf.tensor2d(targets, [rows.length, 1]),
    weights: tf.tensor2d(weights, [rows.length, 1]),
    kinds: examples.kindCount > 0 ? tf.tensor2d(kinds, [rows.length, examples.kindCount]) : null,
  };
}

/** The furthest mean, which is the last input, speaks for a defect before anything is learned. */
function unsupervisedKernel(inputSize: number, outputs: number): Float32Array {
  const kernel = new Float32Array(inputSize * outputs);
  kernel[(inputSize - 1) * outputs] = UNSUPERVISED_LOGIT;
  return kernel;
}

function randomKernel(inputs: number, outputs: number, random: Random): tf.Tensor2D {
  const deviation = Math.sqrt(2 / (inputs + outputs));
  const values = Float32Array.from({ length: inputs * outputs }, () => deviation * random.normal());
  return tf.tensor2d(values, [inputs, outputs]);
}

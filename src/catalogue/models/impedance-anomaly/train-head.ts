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
  /** So many examples, the first ones, are of healthy sensors. */
  readonly healthy: number;
  /** What their logits are not to follow, uncorrelated columns of variance one, [healthy, columns]. */
  readonly weather: Float32Array;
}

export interface HeadSettings {
  readonly hidden: number;
  /** Large steps find the place, small ones settle. */
  readonly phases: readonly { readonly steps: number; readonly learningRate: number }[];
  readonly batch: number;
  /** Penalty on the squared kernels, and on leaving the unsupervised logit. */
  readonly decay: number;
  /** Penalty on the share of the healthy logits' variance that the weather explains, 0..1. */
  readonly weatherPenalty: number;
}

export const HEAD_SETTINGS: HeadSettings = {
  hidden: DEFAULTS.headHidden,
  phases: [
    { steps: 90, learningRate: 0.02 },
    { steps: 50, learningRate: 0.004 },
  ],
  batch: 2048,
  decay: 3e-3,
  weatherPenalty: 1,
};

/** Logits that hardly vary follow nothing. */
const SMALLEST_VARIANCE = 1e-3;

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
          optimizer.minimize(() => headLoss(variables, unsupervised, batch, settings));
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
  /** [batch, columns], a row of zeros for what is not healthy; null where there is no context. */
  readonly weather: tf.Tensor2D | null;
  /** [batch, 1]: the weight of what is healthy, 0 of the rest. */
  readonly healthy: tf.Tensor2D;
}

function headLoss(
  weights: HeadTensors,
  unsupervised: tf.Tensor2D,
  batch: Batch,
  { decay, weatherPenalty }: HeadSettings,
): tf.Scalar {
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
  let mean = tf.div(loss, rows);
  if (batch.weather !== null) {
    const explained = explainedByWeather(defect, batch.weather, batch.healthy);
    mean = tf.add(mean, tf.mul(explained, weatherPenalty));
  }
  const kernels = [weights.hiddenKernel, weights.outputKernel, tf.sub(weights.skipKernel, unsupervised)];
  const penalty = kernels
    .map((kernel) => tf.sum(tf.square(kernel)))
    .reduce((left, right) => tf.add(left, right));
  return tf.add(mean, tf.mul(penalty, decay));
}

/** R² of the logits on uncorrelated columns: the sum of the squared correlations. */
function explainedByWeather(logits: tf.Tensor2D, weather: tf.Tensor2D, weights: tf.Tensor2D): tf.Scalar {
  const total = tf.add(tf.sum(weights), Number.EPSILON);
  const mean = tf.div(tf.sum(tf.mul(logits, weights)), total);
  const weighted = tf.mul(tf.sub(logits, mean), weights); // [batch, 1]
  const variance = tf.div(tf.sum(tf.mul(weighted, tf.sub(logits, mean))), total);
  const together = tf.div(tf.matMul(weather, weighted, true), total); // [columns, 1]
  return tf.div(tf.sum(tf.square(together)), tf.add(variance, SMALLEST_VARIANCE));
}

function takeRows(examples: HeadExamples, rows: Int32Array, inputSize: number): Batch {
  const inputs = new Float32Array(rows.length * inputSize);
  const targets = new Float32Array(rows.length);
  const weights = new Float32Array(rows.length);
  const kinds = new Float32Array(rows.length * examples.kindCount);
  const columns = examples.healthy === 0 ? 0 : examples.weather.length / examples.healthy;
  const weather = new Float32Array(rows.length * columns);
  const healthy = new Float32Array(rows.length);
  for (const [at, row] of rows.entries()) {
    inputs.set(examples.inputs.subarray(row * inputSize, (row + 1) * inputSize), at * inputSize);
    targets[at] = examples.targets[row]!;
    weights[at] = examples.weights[row]!;
    if (row < examples.healthy) {
      healthy[at] = examples.weights[row]!;
      weather.set(examples.weather.subarray(row * columns, (row + 1) * columns), at * columns);
    }
    const kind = examples.kinds[row]!;
    if (kind >= 0) kinds[at * examples.kindCount + kind] = examples.targets[row]!;
  }
  return {
    inputs: tf.tensor2d(inputs, [rows.length, inputSize]),
    targets: tf.tensor2d(targets, [rows.length, 1]),
    weights: tf.tensor2d(weights, [rows.length, 1]),
    kinds: examples.kindCount > 0 ? tf.tensor2d(kinds, [rows.length, examples.kindCount]) : null,
    weather: columns > 0 ? tf.tensor2d(weather, [rows.length, columns]) : null,
    healthy: tf.tensor2d(healthy, [rows.length, 1]),
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

/** Trains the shared network with TensorFlow.js on the backend that the caller has made ready. */
import * as tf from '@tensorflow/tfjs';
import type { Random } from '../../../core/statistics/random.ts';
import type { ContextNetworkWeights } from './context-network.ts';
import type { SampledReadings } from './sample-readings.ts';
import { channelDeviations, RESIDUAL_LIMIT, SensorLevels } from './sensor-levels.ts';
import { shuffledBatches } from './shuffled-batches.ts';

export interface ContextNetworkSettings {
  readonly hidden: number;
  /** Between rounds every sensor's level is measured anew. */
  readonly rounds: number;
  readonly stepsPerRound: number;
  readonly batch: number;
  readonly learningRate: number;
  /** Penalty on the squared kernels. */
  readonly decay: number;
}

export const CONTEXT_NETWORK_SETTINGS: ContextNetworkSettings = {
  hidden: 24,
  rounds: 4,
  stepsPerRound: 150,
  batch: 2048,
  learningRate: 0.01,
  decay: 1e-4,
};

/** Fewer readings an input than this, and the network is a straight line: hidden units would learn them by heart. */
const READINGS_PER_INPUT = 100;
/** A small history is learned in small batches: the same is not to be seen a hundred times over. */
const FEWEST_BATCHES = 16;
/** Deviations of a channel lie within this factor of its usual one, as a logarithm. */
const SPREAD_LIMIT = 5;

/**
 * Learns mean and deviation of each channel within sensors from the context, by the likelihood of a normal
 * distribution with straight tails; the level of every sensor is set aside. After "Estimating the mean and variance of
 * the target probability distribution" (Nix and Weigend, 1994); each reading counts by its deviation, without which
 * precise readings are learned to the neglect of all others ("On the pitfalls of heteroscedastic uncertainty
 * estimation", Seitzer et al., 2022, with β = 1/2).
 *
 * @returns null where there is no context
 */
export async function trainContextNetwork(
  readings: SampledReadings,
  channels: number,
  random: Random,
  report: (share: number) => void = () => {},
  settings: ContextNetworkSettings = CONTEXT_NETWORK_SETTINGS,
): Promise<ContextNetworkWeights | null> {
  const count = readings.sensors.length;
  const inputSize = readings.inputs.length / count;
  if (inputSize === 0) return null;
  const hidden = count < READINGS_PER_INPUT * inputSize ? 0 : settings.hidden;
  const scale = channelDeviations(readings, channels);
  const levels = new SensorLevels(readings, channels);
  const variables = makeVariables(inputSize, Math.max(1, hidden), channels, random);
  const trained = hidden === 0 ? [variables.skipKernel, variables.outputBias] : Object.values(variables);
  const batches = shuffledBatches(count, Math.min(settings.batch, Math.ceil(count / FEWEST_BATCHES)), random);
  try {
    for (let round = 0; round < settings.rounds; round++) {
      const optimizer = tf.train.adam(settings.learningRate / 2 ** round);
      for (let step = 0; step < settings.stepsPerRound; step++) {
        tf.tidy(() => {
          const batch = takeRows(readings, levels.values, scale, batches.next().value);
          optimizer.minimize(() => networkLoss(variables, batch, settings.decay), false, trained);
        });
      }
      optimizer.dispose();
      // Others share this process's event loop.
      await new Promise((resolve) => setImmediate(resolve));
      levels.measure(await readWeights(variables, scale));
      report((round + 1) / settings.rounds);
    }
    return await readWeights(variables, scale);
  } finally {
    for (const variable of Object.values<tf.Variable>({ ...variables })) variable.dispose();
  }
}

interface NetworkVariables {
  readonly firstKernel: tf.Variable<tf.Rank.R2>;
  readonly firstBias: tf.Variable<tf.Rank.R1>;
  readonly secondKernel: tf.Variable<tf.Rank.R2>;
  readonly secondBias: tf.Variable<tf.Rank.R1>;
  readonly outputKernel: tf.Variable<tf.Rank.R2>;
  readonly skipKernel: tf.Variable<tf.Rank.R2>;
  readonly outputBias: tf.Variable<tf.Rank.R1>;
}

function makeVariables(inputs: number, hidden: number, channels: number, random: Random): NetworkVariables {
  const outputs = 2 * channels;
  const kernel = (rows: number, columns: number) =>
    tf.tensor2d(
      Float32Array.from({ length: rows * columns }, () => random.normal() / Math.sqrt(rows)),
      [rows, columns],
    );
  // In a tidy, which keeps variables, because each starts as a copy of a tensor.
  return tf.tidy(() => ({
    firstKernel: tf.variable(kernel(inputs, hidden)),
    firstBias: tf.variable(tf.zeros<tf.Rank.R1>([hidden])),
    secondKernel: tf.variable(kernel(hidden, hidden)),
    secondBias: tf.variable(tf.zeros<tf.Rank.R1>([hidden])),
    // From nothing: before anything is learned, the context says nothing.
    outputKernel: tf.variable(tf.zeros<tf.Rank.R2>([hidden, outputs])),
    skipKernel: tf.variable(tf.zeros<tf.Rank.R2>([inputs, outputs])),
    outputBias: tf.variable(tf.zeros<tf.Rank.R1>([outputs])),
  }));
}

/** The same forward pass as `ContextNetwork`, in units of `scale`; [batch, inputs] to [batch, 2 × channels]. */
function networkOutputs(weights: NetworkVariables, inputs: tf.Tensor2D): tf.Tensor2D {
  const first = softsign(tf.add(tf.matMul(inputs, weights.firstKernel), weights.firstBias)); // [batch, hidden]
  const second = softsign(tf.add(tf.matMul(first, weights.secondKernel), weights.secondBias)); // [batch, hidden]
  const deep = tf.matMul(second, weights.outputKernel); // [batch, 2 × channels]
  const straight = tf.matMul(inputs, weights.skipKernel); // [batch, 2 × channels]
  return tf.add(tf.add(deep, straight), weights.outputBias);
}

function softsign(x: tf.Tensor2D): tf.Tensor2D {
  return tf.div(x, tf.add(1, tf.abs(x)));
}

/** The same values, from which nothing is learned. */
const constant = tf.customGrad((x) => ({
  value: tf.clone(x as tf.Tensor),
  gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
}));

interface Batch {
  /** [batch, inputs] */
  readonly inputs: tf.Tensor2D;
  /** [batch, channels]; 0 where missing */
  readonly targets: tf.Tensor2D;
  /** [batch, channels]; 0 where missing, else 1 */
  readonly present: tf.Tensor2D;
}

function networkLoss(weights: NetworkVariables, batch: Batch, decay: number): tf.Scalar {
  const [rows, channels] = batch.targets.shape;
  const outputs = networkOutputs(weights, batch.inputs); // [batch, 2 × channels]
  const mean = tf.slice2d(outputs, [0, 0], [rows, channels]);
  const spread = tf.clipByValue(
    tf.slice2d(outputs, [0, channels], [rows, channels]),
    -SPREAD_LIMIT,
    SPREAD_LIMIT,
  );
  const distance = tf.abs(tf.div(tf.sub(batch.targets, mean), tf.exp(spread))); // [batch, channels]
  const near = tf.minimum(distance, RESIDUAL_LIMIT);
  // Half the square near zero, a straight line beyond the limit.
  const misfit = tf.mul(near, tf.sub(distance, tf.mul(0.5, near)));
  const likelihood = tf.add(misfit, spread);
  const counts = tf.mul(constant(tf.exp(spread)), batch.present); // [batch, channels]
  const loss = tf.div(tf.sum(tf.mul(likelihood, counts)), tf.add(Number.EPSILON, tf.sum(counts)));
  const kernels = [weights.firstKernel, weights.secondKernel, weights.outputKernel, weights.skipKernel];
  const penalty = kernels
    .map((kernel) => tf.sum(tf.square(kernel)))
    .reduce((left, right) => tf.add(left, right));
  return tf.add(loss, tf.mul(penalty, decay));
}

function takeRows(
  readings: SampledReadings,
  levels: Float32Array,
  scale: Float64Array,
  rows: Int32Array,
): Batch {
  const channels = scale.length;
  const inputSize = readings.inputs.length / readings.sensors.length;
  const inputs = new Float32Array(rows.length * inputSize);
  const targets = new Float32Array(rows.length * channels);
  const present = new Float32Array(rows.length * channels);
  for (const [at, row] of rows.entries()) {
    inputs.set(readings.inputs.subarray(row * inputSize, (row + 1) * inputSize), at * inputSize);
    for (let channel = 0; channel < channels; channel++) {
      const value = readings.values[row * channels + channel]!;
      if (Number.isNaN(value)) continue;
      const level = levels[readings.sensors[row]! * channels + channel]!;
      targets[at * channels + channel] = (value - level) / scale[channel]!;
      present[at * channels + channel] = 1;
    }
  }
  return {
    inputs: tf.tensor2d(inputs, [rows.length, inputSize]),
    targets: tf.tensor2d(targets, [rows.length, channels]),
    present: tf.tensor2d(present, [rows.length, channels]),
  };
}

/** Brings the outputs from units of `scale` to those of the channels. */
async function readWeights(variables: NetworkVariables, scale: Float64Array): Promise<ContextNetworkWeights> {
  const read = async (variable: tf.Variable) => Float32Array.from((await variable.data()) as Float32Array);
  const inUnits = (kernel: Float32Array) => {
    const outputs = 2 * scale.length;
    return kernel.map((value, i) => (i % outputs < scale.length ? value * scale[i % outputs]! : value));
  };
  const outputBias = inUnits(await read(variables.outputBias));
  for (const [channel, unit] of scale.entries()) {
    const at = scale.length + channel;
    outputBias[at] = outputBias[at]! + Math.log(unit);
  }
  return {
    firstKernel: await read(variables.firstKernel),
    firstBias: await read(variables.firstBias),
    secondKernel: await read(variables.secondKernel),
    secondBias: await read(variables.secondBias),
    outputKernel: inUnits(await read(variables.outputKernel)),
    skipKernel: inUnits(await read(variables.skipKernel)),
    outputBias,
  };
}

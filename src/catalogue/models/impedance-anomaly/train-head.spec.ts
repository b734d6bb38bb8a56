import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../../core/statistics/random.ts';
import { Head } from './head.ts';
import { headLogits, trainHead, type HeadExamples } from './train-head.ts';

const INPUTS = 5;
const COUNT = 300;

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** The first input decides; kinds follow the second. */
function examples(): HeadExamples {
  const random = createRandom(8);
  const inputs = Float32Array.from({ length: COUNT * INPUTS }, () => random.normal());
  const row = (at: number) => inputs.subarray(at * INPUTS, (at + 1) * INPUTS);
  return {
    inputs,
    targets: Float32Array.from({ length: COUNT }, (_, i) => (row(i)[0]! > 0 ? 1 : 0)),
    weights: new Float32Array(COUNT).fill(1),
    kinds: Int32Array.from({ length: COUNT }, (_, i) => (row(i)[0]! > 0 ? (row(i)[1]! > 0 ? 1 : 0) : -1)),
    kindCount: 2,
  };
}

describe('trainHead', () => {
  it('learns, repeats itself with the same seed, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const [one, two] = [
      await trainHead(examples(), createRandom(1)),
      await trainHead(examples(), createRandom(1)),
    ];
    expect(tf.memory().numTensors).toBe(before);
    expect(one).toEqual(two);
    const head = new Head(one);
    const logits = new Float64Array(head.outputs);
    const data = examples();
    let right = 0;
    for (let i = 0; i < COUNT; i++) {
      head.forward(data.inputs.subarray(i * INPUTS, (i + 1) * INPUTS), logits);
      if (logits[0]! > 0 === data.targets[i]! > 0.5) right++;
    }
    expect(right / COUNT).toBeGreaterThan(0.9);
  });

  it('scores in plain arrays as TensorFlow does', async () => {
    const weights = await trainHead(examples(), createRandom(2));
    const data = examples();
    const hidden = weights.hiddenBias.length;
    const expected = tf.tidy(() => [
      ...headLogits(
        {
          hiddenKernel: tf.tensor2d(weights.hiddenKernel, [INPUTS, hidden]),
          hiddenBias: tf.tensor1d(weights.hiddenBias),
          outputKernel: tf.tensor2d(weights.outputKernel, [hidden, 3]),
          skipKernel: tf.tensor2d(weights.skipKernel, [INPUTS, 3]),
          outputBias: tf.tensor1d(weights.outputBias),
        },
        tf.tensor2d(data.inputs, [COUNT, INPUTS]),
      ).dataSync(),
    ]);
    const head = new Head(weights);
    const logits = new Float64Array(3);
    for (let i = 0; i < COUNT; i++) {
      head.forward(data.inputs.subarray(i * INPUTS, (i + 1) * INPUTS), logits);
      // float32 against float64, a few dozen products of order ten.
      for (let k = 0; k < 3; k++) expect(Math.abs(logits[k]! - expected[i * 3 + k]!)).toBeLessThan(1e-4);
    }
  });
});

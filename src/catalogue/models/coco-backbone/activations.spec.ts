/** Our activations give what the library's give, and so do their gradients. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { hardSwish, learningRelu } from './activations.ts';

beforeAll(() => tf.setBackend('cpu'));

/** On both sides of every bend and on the bends themselves. */
const POINTS = [-8, -3, -2.5, -1, -0.25, 0, 0.25, 1, 2.5, 3, 8];

function valueAndSlope(f: (x: tf.Tensor4D) => tf.Tensor4D): { value: number[]; slope: number[] } {
  return tf.tidy(() => {
    const x = tf.tensor4d(POINTS, [1, 1, POINTS.length, 1]);
    const { value, grad } = tf.valueAndGrad((at: tf.Tensor) => f(at as tf.Tensor4D))(x, tf.onesLike(x));
    return { value: Array.from(value.dataSync()), slope: Array.from(grad.dataSync()) };
  });
}

describe('learningRelu', () => {
  it('is relu, with its slope', () => {
    expect(valueAndSlope(learningRelu)).toEqual(valueAndSlope((x) => tf.relu(x)));
  });
});

describe('hardSwish', () => {
  it('is x relu6(x + 3) / 6, with the slope that this has between its bends', () => {
    const { value, slope } = valueAndSlope(hardSwish);
    POINTS.forEach((x, index) => {
      expect(value[index]).toBeCloseTo((x * Math.min(6, Math.max(0, x + 3))) / 6, 6);
      const expected = x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6;
      expect(slope[index]).toBeCloseTo(expected, 6);
    });
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    valueAndSlope(hardSwish);
    expect(tf.memory().numTensors).toBe(before);
  });
});

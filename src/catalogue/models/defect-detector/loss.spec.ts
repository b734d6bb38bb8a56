/** Losses against published and hand-computed values. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { boxLoss, classLoss, heatLoss } from './loss.ts';

beforeAll(() => tf.setBackend('cpu'));

function value(make: () => tf.Scalar): number {
  return tf.tidy(() => make().dataSync()[0]!);
}

const logit = (p: number): number => Math.log(p / (1 - p));

describe('heatLoss', () => {
  const corner = Math.exp(-2);
  const edge = Math.exp(-1);
  const gaussian = [corner, edge, corner, edge, 1, edge, corner, edge, corner];

  it('is 0.671406 for probability 0.5 everywhere on a 3 x 3 Gaussian', () => {
    const logits = new Array<number>(9).fill(0);
    expect(value(() => heatLoss(tf.tensor1d(logits), tf.tensor1d(gaussian)))).toBeCloseTo(0.671406, 5);
  });

  it('is 0.004082 for 0.9 at the centre and 0.1 else', () => {
    const logits = gaussian.map((heat) => logit(heat === 1 ? 0.9 : 0.1));
    expect(value(() => heatLoss(tf.tensor1d(logits), tf.tensor1d(gaussian)))).toBeCloseTo(0.004082, 5);
  });

  it('is 0.004214 for 0.1 in four cells without any object', () => {
    const logits = new Array<number>(4).fill(logit(0.1));
    expect(value(() => heatLoss(tf.tensor1d(logits), tf.zeros([4])))).toBeCloseTo(0.004214, 5);
  });
});

describe('boxLoss', () => {
  const loss = (a: number[], b: number[]): number =>
    value(() => boxLoss(tf.tensor2d([a]), tf.tensor2d([b]), tf.tensor1d([1])));
  const [big, quarter] = [
    [-1, -1, 1, 1],
    [0, 0, 1, 1],
  ];

  it('is 0 for the same box, 0.75 for a box and its quarter, 1 side by side, 1.5 corner to corner', () => {
    expect(loss(big, big)).toBeCloseTo(0, 5);
    expect(loss(big, quarter)).toBeCloseTo(0.75, 5);
    expect(loss(quarter, [0, 1, 1, 2])).toBeCloseTo(1, 5);
    expect(loss(quarter, [1, 1, 2, 2])).toBeCloseTo(1.5, 5);
  });

  it('is the mean by weight, and 0 without any', () => {
    const two = (weights: number[]): number =>
      value(() => boxLoss(tf.tensor2d([big, big]), tf.tensor2d([big, quarter]), tf.tensor1d(weights)));
    expect(two([3, 1])).toBeCloseTo(0.75 / 4, 5);
    expect(two([0, 0])).toBe(0);
  });
});

describe('classLoss', () => {
  const truths = [
    [0, 1, 0],
    [1, 0, 0],
  ];

  it('is the cross-entropy of a softmax, the mean by weight', () => {
    const logits = tf.tensor2d([
      [0, 0, 0],
      [2, 0, 0],
    ]);
    const second = Math.log(1 + 2 * Math.exp(-2));
    const loss = (weights: number[]): number =>
      value(() => classLoss(logits, tf.tensor2d(truths), tf.tensor1d(weights)));
    expect(loss([1, 1])).toBeCloseTo((Math.log(3) + second) / 2, 6);
    expect(loss([0, 1])).toBeCloseTo(second, 6);
    expect(loss([0, 0])).toBe(0);
  });

  it('stays finite where a logit is far off', () => {
    const logits = tf.tensor2d([[200, 0, 0]]);
    expect(value(() => classLoss(logits, tf.tensor2d([truths[0]!]), tf.tensor1d([1])))).toBeCloseTo(200, 3);
  });
});

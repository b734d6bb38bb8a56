/** Losses against published and hand-computed values. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { boxLoss, defectLoss, heatLoss } from './loss.ts';

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
  /** Distances from the point (0.25, 0.25), which lies in both boxes, to the sides of a box. */
  const around = (left: number, top: number, right: number, bottom: number): number[] => [
    0.25 - left,
    0.25 - top,
    right - 0.25,
    bottom - 0.25,
  ];
  const loss = (a: number[], b: number[]): number =>
    value(() => boxLoss(tf.tensor2d([a]), tf.tensor2d([b]), tf.tensor1d([1])));

  it('is 0 for the same box and 0.75 for a box and its quarter', () => {
    const [big, quarter] = [around(-1, -1, 1, 1), around(0, 0, 1, 1)];
    expect(loss(big, big)).toBeCloseTo(0, 6);
    expect(loss(big, quarter)).toBeCloseTo(0.75, 6);
  });

  it('is the mean by weight, and 0 without any', () => {
    const [big, quarter] = [around(-1, -1, 1, 1), around(0, 0, 1, 1)];
    const two = (weights: number[]): number =>
      value(() => boxLoss(tf.tensor2d([big, big]), tf.tensor2d([big, quarter]), tf.tensor1d(weights)));
    expect(two([3, 1])).toBeCloseTo(0.75 / 4, 6);
    expect(two([0, 0])).toBe(0);
  });
});

describe('defectLoss', () => {
  it('is the cross-entropy of the masked entries alone', () => {
    const logits = tf.tensor1d([0, 2, -2, 50]);
    const loss = value(() => defectLoss(logits, tf.tensor1d([1, 1, 0, 0]), tf.tensor1d([1, 1, 1, 0])));
    expect(loss).toBeCloseTo((Math.log(2) + 2 * Math.log(1 + Math.exp(-2))) / 3, 6);
  });

  it('stays finite where the logit is far off', () => {
    expect(value(() => defectLoss(tf.tensor1d([200]), tf.tensor1d([0]), tf.tensor1d([1])))).toBeCloseTo(
      200,
      3,
    );
  });
});

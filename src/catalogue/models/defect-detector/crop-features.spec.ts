/** Crops hold the numbers that linear interpolation gives, and pass gradients back to the cells they came from. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { cropFeatures } from './crop-features.ts';

beforeAll(() => tf.setBackend('cpu'));

/** One channel, value 10 * row + column. */
function ramp(rows: number, columns: number): tf.Tensor4D {
  const values = Array.from(
    { length: rows * columns },
    (_, i) => 10 * Math.floor(i / columns) + (i % columns),
  );
  return tf.tensor4d(values, [1, rows, columns, 1]);
}

function crop(features: tf.Tensor4D, box: number[], size: number, stride = 1): number[] {
  return tf.tidy(() => {
    const boxes = tf.tensor3d(box, [1, 1, 4]);
    return Array.from(cropFeatures(features, boxes, stride, size).dataSync());
  });
}

describe('cropFeatures', () => {
  it('copies cells where crop and map have the same grid', () => {
    expect(crop(ramp(4, 5), [1, 2, 3, 4], 2)).toEqual([21, 22, 31, 32]);
  });

  it('interpolates between cells where the crop is finer', () => {
    const values = crop(ramp(4, 5), [1, 1, 3, 3], 4); // middles at 1.25, 1.75, 2.25, 2.75 cells
    const across = [0.75, 1.25, 1.75, 2.25];
    const expected = across.flatMap((row) => across.map((column) => 10 * row + column));
    values.forEach((value, index) => expect(value).toBeCloseTo(expected[index]!, 4));
  });

  it('averages over cells where the crop is coarser, so that a chequerboard turns grey', () => {
    const values = Array.from({ length: 256 }, (_, i) => (i + Math.floor(i / 16)) % 2);
    const board = tf.tensor4d(values, [1, 16, 16, 1]);
    for (const value of crop(board, [4, 4, 12, 12], 2)) expect(value).toBeCloseTo(0.5, 6);
  });

  it('counts boxes in pixels of the input', () => {
    expect(crop(ramp(4, 5), [4, 8, 12, 16], 2, 4)).toEqual([21, 22, 31, 32]);
  });

  it('repeats the edge outside the map', () => {
    expect(crop(ramp(2, 2), [-2, -2, 0, 0], 2)).toEqual([0, 0, 0, 0]);
    expect(crop(ramp(2, 2), [2, 2, 4, 4], 2)).toEqual([11, 11, 11, 11]);
  });

  it('keeps objects, pictures and channels apart', () => {
    tf.tidy(() => {
      const first = tf.concat<tf.Tensor4D>([ramp(4, 5), tf.mul(ramp(4, 5), -1)], 3);
      const features = tf.concat<tf.Tensor4D>([first, tf.add(first, 100)], 0); // [2, 4, 5, 2]
      const boxes = tf.tensor3d([0, 0, 1, 1, 4, 3, 5, 4, 1, 0, 2, 1, 2, 2, 3, 3], [2, 2, 4]);
      const crops = cropFeatures(features, boxes, 1, 1);
      expect(crops.shape).toEqual([4, 1, 1, 2]);
      expect(Array.from(crops.dataSync())).toEqual([0, 0, 34, -34, 101, 99, 122, 78]);
    });
  });

  it('passes to each cell the gradient that a finite difference shows', () => {
    tf.tidy(() => {
      const features = ramp(4, 5);
      const boxes = tf.tensor3d([0.7, 0.4, 3.9, 3.1], [1, 1, 4]);
      const measure = (x: tf.Tensor): tf.Scalar =>
        tf.sum(tf.square(cropFeatures(x as tf.Tensor4D, boxes, 1, 3)));
      const gradient = tf.grad(measure)(features).dataSync();
      const values = Array.from(features.dataSync());
      const step = 0.5; // exact for a quadratic, whatever the step
      values.forEach((value, cell) => {
        const at = (moved: number): number => {
          const other = [...values];
          other[cell] = moved;
          return measure(tf.tensor4d(other, [1, 4, 5, 1])).dataSync()[0]!;
        };
        const slope = (at(value + step) - at(value - step)) / (2 * step);
        // Sums of about 5000 in float32 are exact to 5e-4, so their difference over 1 to 1e-3.
        expect(Math.abs(gradient[cell]! - slope)).toBeLessThan(1e-2);
      });
    });
  });
});

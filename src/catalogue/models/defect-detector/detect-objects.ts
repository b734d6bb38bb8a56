/** Head that finds objects: a heat map of their centres and a box per category in every cell. */
import * as tf from '@tensorflow/tfjs';
import { convolve, type WeightTensors } from './convolve.ts';
import { architecture } from './defaults.ts';

export interface ObjectMaps {
  /** [batch, rows, columns, categories] */
  readonly logits: tf.Tensor4D;
  /** Distances from cell centre to left, top, right and bottom side, px: [batch, rows, columns, categories * 4] */
  readonly distances: tf.Tensor4D;
}

/** Beyond this the exponential would leave the picture anyway: exp(3.5) * 16 px is 530 px. */
const LARGEST_EXPONENT = 3.5;

/** @param features the learner's [batch, rows, columns, 48] */
export function detectObjects(weights: WeightTensors, features: tf.Tensor4D): ObjectMaps {
  return tf.tidy(() => {
    const hidden = convolve(weights, 'task/objects/hidden', features); // [batch, rows, columns, 64]
    const exponents = convolve(weights, 'task/objects/boxes', hidden, { activation: 'linear' });
    const bounded = tf.clipByValue(exponents, -LARGEST_EXPONENT, LARGEST_EXPONENT);
    return {
      logits: convolve(weights, 'task/objects/logits', hidden, { activation: 'linear' }),
      distances: tf.mul<tf.Tensor4D>(tf.exp(bounded), architecture.boxBase),
    };
  });
}

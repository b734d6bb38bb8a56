/** First stage: a heat map of centres for each class, and in every cell a box for each. */
import * as tf from '@tensorflow/tfjs';
import { convolve, type WeightTensors } from '../coco-backbone/convolve.ts';
import { architecture } from './defaults.ts';

export interface ProposalMaps {
  /** [batch, rows, columns, classes] */
  readonly logits: tf.Tensor4D;
  /** Distances from the cell's centre to left, top, right and bottom side, px: [batch, rows, columns, classes * 4] */
  readonly distances: tf.Tensor4D;
}

/**
 * @param features the learner's [batch, rows, columns, 128]
 * @param basePixels per class, what a distance is measured in: half the side of a usual box, px
 */
export function proposalMaps(
  weights: WeightTensors,
  features: tf.Tensor4D,
  basePixels: readonly number[],
): ProposalMaps {
  return tf.tidy(() => {
    const narrow = convolve(weights, 'task/proposals/narrow', features, { activation: 'relu' }); // [b, r, c, 48]
    const hidden = convolve(weights, 'task/proposals/hidden', narrow, { activation: 'relu' }); // [b, r, c, 64]
    const exponents = convolve(weights, 'task/proposals/boxes', hidden);
    const { largestExponent } = architecture;
    const bounded = tf.clipByValue(exponents, -largestExponent, largestExponent);
    const bases = tf.tensor1d(basePixels.flatMap((base) => [base, base, base, base])); // [classes * 4]
    return {
      logits: convolve(weights, 'task/proposals/logits', hidden),
      distances: tf.mul<tf.Tensor4D>(tf.exp(bounded), bases),
    };
  });
}

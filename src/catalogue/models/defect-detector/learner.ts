/** From coarse features to the latent space, in which every head works. Exit `featureMaps`, stride 8. */
import * as tf from '@tensorflow/tfjs';
import { convolve, refine, type WeightTensors } from './convolve.ts';

/**
 * Goes down to stride 32, where a long string fits into a few cells, and brings that context back up.
 *
 * @param features the stem's [batch, h, w, 32]; @returns [batch, h / 2, w / 2, 48]
 */
export function learnerFeatureMaps(weights: WeightTensors, features: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    const at8 = refine(
      weights,
      'learner/refine8',
      convolve(weights, 'learner/down8', features, { stride: 2 }),
    ); // [b, h/2, w/2, 48]
    const at16 = refine(weights, 'learner/refine16', convolve(weights, 'learner/down16', at8, { stride: 2 })); // [b, h/4, w/4, 64]
    const at32 = refine(
      weights,
      'learner/refine32',
      convolve(weights, 'learner/down32', at16, { stride: 2 }),
    ); // [b, h/8, w/8, 64]
    const context = tf.add<tf.Tensor4D>(at16, enlarge(at32, at16)); // [b, h/4, w/4, 64]
    const narrow = convolve(weights, 'learner/narrow', context); // [b, h/4, w/4, 48]
    return convolve(weights, 'learner/merge', tf.add(at8, enlarge(narrow, at8))); // [b, h/2, w/2, 48]
  });
}

function enlarge(x: tf.Tensor4D, like: tf.Tensor4D): tf.Tensor4D {
  return tf.image.resizeNearestNeighbor(x, [like.shape[1], like.shape[2]]);
}

/** Coarse features of a picture: edges, textures, the row of discs. Exit `featureMaps`, stride 4. */
import * as tf from '@tensorflow/tfjs';
import { convolve, refine, type WeightTensors } from './convolve.ts';

/** @param image [batch, height, width, 3], normalised; @returns [batch, height / 4, width / 4, 32] */
export function stemFeatureMaps(weights: WeightTensors, image: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    const half = convolve(weights, 'stem/entry', image, { stride: 2 }); // [batch, h/2, w/2, 16]
    const quarter = convolve(weights, 'stem/down4', half, { stride: 2 }); // [batch, h/4, w/4, 32]
    return refine(weights, 'stem/refine', quarter);
  });
}

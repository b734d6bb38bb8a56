/** Coarse features of a picture: edges, textures, rows of discs. Exit `featureMaps`, stride 4; frozen and shared. */
import * as tf from '@tensorflow/tfjs';
import { hardSwish } from './activations.ts';
import { runBlock } from './blocks.ts';
import { convolve, type WeightTensors } from './convolve.ts';
import { STEM_BLOCKS } from './defaults.ts';

/** @param image [batch, height, width, 3], RGB 0 to 255, sides that divide by 32; @returns [batch, height / 4, width / 4, 24] */
export function stemFeatureMaps(weights: WeightTensors, image: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    const entry = hardSwish(convolve(weights, 'stem/entry', image, { stride: 2 })); // [batch, h/2, w/2, 16]
    return STEM_BLOCKS.reduce((x, block) => runBlock(weights, block, x), entry);
  });
}

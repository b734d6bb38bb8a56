/** From coarse features to the latent space in which heads work. Exit `featureMaps`, stride 4; tuned for each task. */
import * as tf from '@tensorflow/tfjs';
import { hardSwish, learningRelu } from './activations.ts';
import { enlarge, expandBlock, filterBlock, separable } from './blocks.ts';
import { convolve, type WeightTensors } from './convolve.ts';
import { ASCENTS, LATERALS, LEARNER_BLOCKS } from './defaults.ts';

/**
 * Goes down to stride 32, where a long string fits into a few cells, and brings that context back up.
 *
 * @param features the stem's [batch, h, w, 24]; @returns [batch, h, w, 128]
 */
export function learnerFeatureMaps(weights: WeightTensors, features: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    let x = features;
    const taps: Record<string, tf.Tensor4D> = {};
    for (const block of LEARNER_BLOCKS) {
      const wide = expandBlock(weights, block, x);
      x = filterBlock(weights, block, wide, x);
      // The first two laterals leave inside their blocks, before the stride; the third behind its block.
      if (block.name === 'learner/block3') taps['learner/lateral4'] = wide; // [batch, h, w, 72]
      if (block.name === 'learner/block5') taps['learner/lateral8'] = wide; // [batch, h/2, w/2, 96]
      if (block.name === 'learner/block11') taps['learner/lateral16'] = x; // [batch, h/4, w/4, 88]
    }
    let up = hardSwish(convolve(weights, 'learner/context', x)); // [batch, h/8, w/8, 480]
    ASCENTS.forEach(({ name }, step) => {
      const lateral = LATERALS[LATERALS.length - 1 - step]!.name;
      const risen = enlarge(
        tf.add(separable(weights, `${name}/fine`, up), separable(weights, `${name}/wide`, up)),
      );
      const narrow = convolve(weights, `${lateral}/narrow`, taps[lateral]!, { activation: 'relu' });
      up = learningRelu(tf.concat([separable(weights, lateral, narrow), risen], 3));
    }); // [batch, h, w, 128]
    return tf.mul<tf.Tensor4D>(up, attention(weights, up));
  });
}

/** @returns [batch, 1, 1, 128] */
function attention(weights: WeightTensors, x: tf.Tensor4D): tf.Tensor4D {
  const means = tf.mean<tf.Tensor4D>(x, [1, 2], true);
  const squeezed = convolve(weights, 'learner/attention/squeeze', means, { activation: 'relu' });
  return tf.sigmoid(convolve(weights, 'learner/attention/excite', squeezed));
}

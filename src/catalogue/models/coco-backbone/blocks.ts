/** The building blocks of the backbone: inverted residuals, separable convolutions, enlarging. */
import * as tf from '@tensorflow/tfjs';
import { hardSigmoid, hardSwish } from './activations.ts';
import { convolve, convolveDepthwise, type WeightTensors } from './convolve.ts';
import type { Activation, Block } from './defaults.ts';

/** Relu rides along with the convolution before it; hard swish is a step of its own. */
function fused(activation: Activation): 'relu' | 'linear' {
  return activation === 'relu' ? 'relu' : 'linear';
}

function finish(x: tf.Tensor4D, activation: Activation): tf.Tensor4D {
  return activation === 'relu' ? x : hardSwish(x);
}

/** @returns [batch, height, width, inside]: what the block filters, and what laterals 4 and 8 tap */
export function expandBlock(weights: WeightTensors, block: Block, x: tf.Tensor4D): tf.Tensor4D {
  if (block.inside === block.from) return x;
  const wide = convolve(weights, `${block.name}/expand`, x, { activation: fused(block.activation) });
  return finish(wide, block.activation);
}

/** @param wide what `expandBlock` gave; @param x the block's input */
export function filterBlock(
  weights: WeightTensors,
  block: Block,
  wide: tf.Tensor4D,
  x: tf.Tensor4D,
): tf.Tensor4D {
  const { name, stride, activation, squeeze, adds } = block;
  const filtered = convolveDepthwise(weights, `${name}/depthwise`, wide, {
    stride,
    activation: fused(activation),
  });
  const active = finish(filtered, activation); // [batch, h, w, inside]
  const weighed =
    squeeze === undefined ? active : tf.mul<tf.Tensor4D>(channelWeights(weights, name, active), active);
  const out = convolve(weights, `${name}/project`, weighed);
  return adds ? tf.add(out, x) : out;
}

export function runBlock(weights: WeightTensors, block: Block, x: tf.Tensor4D): tf.Tensor4D {
  return filterBlock(weights, block, expandBlock(weights, block, x), x);
}

/** Squeeze and excite. @returns [batch, 1, 1, channels], 0 to 1 */
function channelWeights(weights: WeightTensors, name: string, x: tf.Tensor4D): tf.Tensor4D {
  const means = tf.mean<tf.Tensor4D>(x, [1, 2], true); // [batch, 1, 1, channels]
  const squeezed = convolve(weights, `${name}/squeeze`, means, { activation: 'relu' });
  return hardSigmoid(convolve(weights, `${name}/excite`, squeezed));
}

export function separable(weights: WeightTensors, name: string, x: tf.Tensor4D): tf.Tensor4D {
  return convolve(weights, `${name}/pointwise`, convolveDepthwise(weights, `${name}/depthwise`, x));
}

/** Twice as high and wide, linear in between, as the trained weights expect it: cell 0 stays at pixel 0. */
export function enlarge(x: tf.Tensor4D): tf.Tensor4D {
  return tf.image.resizeBilinear(x, [2 * x.shape[1], 2 * x.shape[2]], false, false);
}

/** Convolutions that take kernel and bias by name from a model's weights. */
import * as tf from '@tensorflow/tfjs';
import { learningRelu } from './activations.ts';

export type WeightTensors = Readonly<Record<string, tf.Tensor>>;

export interface ConvolutionOptions {
  readonly stride?: number;
  readonly activation?: 'relu' | 'linear';
}

/** Same padding; a bias where the weights have one. @returns [batch, ceil(height / stride), ceil(width / stride), out] */
export function convolve(
  weights: WeightTensors,
  name: string,
  x: tf.Tensor4D,
  { stride = 1, activation = 'linear' }: ConvolutionOptions = {},
): tf.Tensor4D {
  const filter = weights[`${name}/kernel`] as tf.Tensor4D;
  const bias = weights[`${name}/bias`];
  const run = (fused: 'relu' | 'linear'): tf.Tensor4D =>
    tf.fused.conv2d({
      x,
      filter,
      ...(bias ? { bias } : {}),
      strides: stride,
      pad: 'same',
      activation: fused,
    });
  return activation === 'relu' && learns(filter) ? learningRelu(run('linear')) : run(activation);
}

/** Each channel by itself. @returns [batch, ceil(height / stride), ceil(width / stride), channels] */
export function convolveDepthwise(
  weights: WeightTensors,
  name: string,
  x: tf.Tensor4D,
  { stride = 1, activation = 'linear' }: ConvolutionOptions = {},
): tf.Tensor4D {
  const filter = weights[`${name}/kernel`] as tf.Tensor4D;
  const bias = weights[`${name}/bias`];
  if (!bias) return tf.depthwiseConv2d(x, filter, stride, 'same');
  const run = (fused: 'relu' | 'linear'): tf.Tensor4D =>
    tf.fused.depthwiseConv2d({ x, filter, bias, strides: stride, pad: 'same', activation: fused });
  return activation === 'relu' && learns(filter) ? learningRelu(run('linear')) : run(activation);
}

/** Weights that are being trained are variables; a fused relu would fall back to the library's slow gradient. */
function learns(filter: tf.Tensor): boolean {
  return filter instanceof tf.Variable && filter.trainable;
}

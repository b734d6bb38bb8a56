/** One convolution with its bias, taken by name from the model's weights. */
import * as tf from '@tensorflow/tfjs';

export type WeightTensors = Readonly<Record<string, tf.Tensor>>;

export interface ConvolutionOptions {
  readonly stride?: number;
  readonly activation?: 'relu' | 'linear';
}

/** Same padding; @returns [batch, ceil(height / stride), ceil(width / stride), out] */
export function convolve(
  weights: WeightTensors,
  name: string,
  x: tf.Tensor4D,
  { stride = 1, activation = 'relu' }: ConvolutionOptions = {},
): tf.Tensor4D {
  return tf.fused.conv2d({
    x,
    filter: weights[`${name}/kernel`] as tf.Tensor4D,
    bias: weights[`${name}/bias`]!,
    strides: stride,
    pad: 'same',
    activation,
  });
}

/** relu(x + convolution of x): learns only what is to change. */
export function refine(weights: WeightTensors, name: string, x: tf.Tensor4D): tf.Tensor4D {
  return tf.relu(tf.add(x, convolve(weights, name, x, { activation: 'linear' })));
}

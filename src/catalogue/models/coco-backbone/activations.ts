/**
 * Activations whose gradients take one comparison and one product a cell.
 *
 * The library's own go through `step`, which native TensorFlow builds out of several passes over the maps: more than
 * a tenth of a training step.
 */
import * as tf from '@tensorflow/tfjs';

/** @param x any shape; @returns max(x, 0), same shape */
export const learningRelu = tf.customGrad((x, save) => {
  const input = x as tf.Tensor4D;
  const value = tf.relu(input);
  (save as (tensors: tf.Tensor[]) => void)([value]);
  return { value, gradFunc: (dy, [y]) => tf.mul(dy, positive(y!)) };
}) as (x: tf.Tensor4D) => tf.Tensor4D;

/** relu6(x + 3) / 6: a sigmoid of straight lines. */
export function hardSigmoid(x: tf.Tensor4D): tf.Tensor4D {
  return tf.mul(tf.relu6(tf.add(x, 3)), 1 / 6);
}

/** x * hardSigmoid(x). @param x any shape */
export const hardSwish = tf.customGrad((x, save) => {
  const input = x as tf.Tensor4D;
  const gate = hardSigmoid(input);
  (save as (tensors: tf.Tensor[]) => void)([input, gate]);
  return {
    value: tf.mul(input, gate),
    gradFunc: (dy, [saved, open]) => {
      // The gate moves with x where it is neither shut nor wide open: there gate * (1 - gate) > 0.
      const moving = positive(tf.mul(open!, tf.sub(1, open!)));
      const slope = tf.add(open!, tf.mul(tf.mul(saved!, moving), 1 / 6));
      return tf.mul(dy, slope);
    },
  };
}) as (x: tf.Tensor4D) => tf.Tensor4D;

/** 1 where x > 0, else 0. */
function positive(x: tf.Tensor): tf.Tensor {
  return tf.cast(tf.greater(x, 0), 'float32');
}

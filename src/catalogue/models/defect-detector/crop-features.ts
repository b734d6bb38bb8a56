/**
 * Cuts objects out of feature maps: two batched matrix products with tent-shaped weights, `Wy · F · Wxᵀ`.
 *
 * Every backend can run and differentiate it. Where a crop cell is smaller than a map cell it interpolates
 * linearly; where it is larger it averages, so that fine structure does not alias.
 */
import * as tf from '@tensorflow/tfjs';

/**
 * @param features [batch, rows, columns, channels]
 * @param boxes left, top, right, bottom in px of the network's input: [batch, objects, 4]
 * @param stride px per cell of the feature map
 * @param size cells a side of a crop
 * @returns [batch * objects, size, size, channels]
 */
export function cropFeatures(
  features: tf.Tensor4D,
  boxes: tf.Tensor3D,
  stride: number,
  size: number,
): tf.Tensor4D {
  return tf.tidy(() => {
    const [batch, rows, columns, channels] = features.shape;
    const objects = boxes.shape[1];
    const [left, top, right, bottom] = tf.split<tf.Tensor3D>(tf.div(boxes, stride), 4, 2); // each [batch, objects, 1], cells
    const wy = tentWeights(top!, bottom!, size, rows); // [batch, objects, size, rows]
    const wx = tentWeights(left!, right!, size, columns); // [batch, objects, size, columns]

    const flat = tf.reshape(features, [batch, rows, columns * channels]);
    const strips = tf.matMul(tf.reshape(wy, [batch, objects * size, rows]), flat); // [batch, objects * size, columns * channels]
    const columnsFirst = tf.transpose(
      tf.reshape(strips, [batch * objects, size, columns, channels]),
      [0, 2, 1, 3],
    ); // [batch * objects, columns, size, channels]
    const crops = tf.matMul(
      tf.reshape(wx, [batch * objects, size, columns]),
      tf.reshape(columnsFirst, [batch * objects, columns, size * channels]),
    ); // [batch * objects, size (across), size (down) * channels]
    return tf.transpose(tf.reshape(crops, [batch * objects, size, size, channels]), [0, 2, 1, 3]);
  });
}

/**
 * One row of weights, summing to 1, per crop cell. The middle of map cell i lies at i + 0.5.
 *
 * @param from, to [batch, objects, 1], cells; @returns [batch, objects, size, cells]
 */
function tentWeights(from: tf.Tensor3D, to: tf.Tensor3D, size: number, cells: number): tf.Tensor4D {
  const step = tf.div(tf.sub(to, from), size); // [batch, objects, 1]
  const middles = tf.add(from, tf.mul(step, tf.add(tf.range(0, size), 0.5))); // [batch, objects, size]
  // Outside the map the nearest cell counts.
  const inside = tf.clipByValue(middles, 0.5, cells - 0.5);
  const distance = tf.abs(tf.sub(tf.expandDims(inside, 3), tf.add(tf.range(0, cells), 0.5))); // [batch, objects, size, cells]
  const reach = tf.expandDims(tf.maximum(step, 1), 3); // [batch, objects, 1, 1]
  const tents = tf.relu(tf.sub(1, tf.div(distance, reach)));
  return tf.div(tents, tf.sum(tents, 3, true));
}

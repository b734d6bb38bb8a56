/** How wrong the heads are: heat map, boxes and defects, each as one number. */
import * as tf from '@tensorflow/tfjs';

/** Keeps logarithms finite. */
const SMALLEST_PROBABILITY = 1e-4;

/**
 * Penalty-reduced focal loss of CornerNet and CenterNet (alpha 2, beta 4), a peak: cells near a centre are
 * punished less for being hot.
 *
 * @param logits, heat same shape; heat is exactly 1 at centres
 */
export function heatLoss(logits: tf.Tensor, heat: tf.Tensor): tf.Scalar {
  return tf.tidy(() => {
    const probability = tf.clipByValue(tf.sigmoid(logits), SMALLEST_PROBABILITY, 1 - SMALLEST_PROBABILITY);
    const centre = tf.cast(tf.greaterEqual(heat, 1), 'float32');
    const missed = tf.mul(tf.mul(centre, tf.square(tf.sub(1, probability))), tf.log(probability));
    const spurious = tf.mul(
      tf.mul(tf.mul(tf.sub(1, centre), tf.pow(tf.sub(1, heat), 4)), tf.square(probability)),
      tf.log(tf.sub(1, probability)),
    );
    const peaks = tf.maximum(tf.sum(centre), 1);
    return tf.neg(tf.div(tf.sum(tf.add(missed, spurious)), peaks));
  });
}

/**
 * 1 - generalised intersection over union (Rezatofighi et al., 2019) of boxes that share a cell, as distances
 * to their sides; the weighted mean.
 *
 * @param distances, targets left, top, right, bottom, all positive: [cells, 4]; @param weights [cells]
 */
export function boxLoss(distances: tf.Tensor2D, targets: tf.Tensor2D, weights: tf.Tensor1D): tf.Scalar {
  return tf.tidy(() => {
    const shared = sides(tf.minimum(distances, targets));
    const enclosing = sides(tf.maximum(distances, targets));
    const union = tf.sub(tf.add(sides(distances), sides(targets)), shared);
    const giou = tf.sub(tf.div(shared, union), tf.div(tf.sub(enclosing, union), enclosing)); // [cells]
    const total = tf.maximum(tf.sum(weights), 1e-6);
    return tf.div(tf.sum(tf.mul(weights, tf.sub(1, giou))), total);
  });
}

/** Area spanned by distances to the four sides: [cells]. */
function sides(distances: tf.Tensor): tf.Tensor {
  const [left, top, right, bottom] = tf.split(distances, 4, 1);
  return tf.squeeze(tf.mul(tf.add(left!, right!), tf.add(top!, bottom!)), [1]);
}

/** Mean cross-entropy over the entries of the mask; logits far off stay finite. */
export function defectLoss(logits: tf.Tensor, defects: tf.Tensor, mask: tf.Tensor): tf.Scalar {
  return tf.tidy(() => {
    // max(x, 0) - x * z + log(1 + exp(-|x|))
    const each = tf.add(
      tf.sub(tf.relu(logits), tf.mul(logits, defects)),
      tf.log1p(tf.exp(tf.neg(tf.abs(logits)))),
    );
    return tf.div(tf.sum(tf.mul(each, mask)), tf.maximum(tf.sum(mask), 1));
  });
}

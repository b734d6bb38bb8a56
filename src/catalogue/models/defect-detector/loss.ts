/** How wrong the heads are: heat map, boxes, classes and refinements, each as one number. */
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
 * 1 - generalised intersection over union (Rezatofighi et al., 2019), the weighted mean.
 *
 * @param boxes, targets left, top, right, bottom: [boxes, 4]; @param weights [boxes]
 */
export function boxLoss(boxes: tf.Tensor2D, targets: tf.Tensor2D, weights: tf.Tensor1D): tf.Scalar {
  return tf.tidy(() => {
    const [left, top, right, bottom] = tf.split(boxes, 4, 1); // each [boxes, 1]
    const [trueLeft, trueTop, trueRight, trueBottom] = tf.split(targets, 4, 1);
    const shared = tf.mul(
      tf.relu(tf.sub(tf.minimum(right!, trueRight!), tf.maximum(left!, trueLeft!))),
      tf.relu(tf.sub(tf.minimum(bottom!, trueBottom!), tf.maximum(top!, trueTop!))),
    );
    const enclosing = tf.mul(
      tf.sub(tf.maximum(right!, trueRight!), tf.minimum(left!, trueLeft!)),
      tf.sub(tf.maximum(bottom!, trueBottom!), tf.minimum(top!, trueTop!)),
    );
    const area = tf.mul(tf.sub(right!, left!), tf.sub(bottom!, top!));
    const trueArea = tf.mul(tf.sub(trueRight!, trueLeft!), tf.sub(trueBottom!, trueTop!));
    const union = tf.sub(tf.add(area, trueArea), shared);
    const giou = tf.sub(
      tf.div(shared, tf.add(union, 1e-6)),
      tf.div(tf.sub(enclosing, union), tf.add(enclosing, 1e-6)),
    ); // [boxes, 1]
    const total = tf.maximum(tf.sum(weights), 1e-6);
    return tf.div(tf.sum(tf.mul(weights, tf.squeeze(tf.sub(1, giou), [1]))), total);
  });
}

/**
 * Cross-entropy of a softmax, the weighted mean.
 *
 * @param logits [crops, choices]; @param truths one-hot, same shape; @param weights [crops]
 */
export function classLoss(logits: tf.Tensor2D, truths: tf.Tensor2D, weights: tf.Tensor1D): tf.Scalar {
  return tf.tidy(() => {
    const each = tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), truths), 1)); // [crops]
    return tf.div(tf.sum(tf.mul(each, weights)), tf.maximum(tf.sum(weights), 1e-6));
  });
}

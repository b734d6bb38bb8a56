/** Head that judges objects by their crops: an embedding (exit), then one defect logit per category. */
import * as tf from '@tensorflow/tfjs';
import { convolve, type WeightTensors } from './convolve.ts';
import { architecture } from './defaults.ts';
import { cropFeatures } from './crop-features.ts';

export interface CropJudgement {
  /** [objects, 32] */
  readonly embedding: tf.Tensor2D;
  /** [objects, categories]; only the entry of the object's own category means something. */
  readonly logits: tf.Tensor2D;
}

/**
 * Crops of the same boxes from both maps, side by side in one tensor.
 *
 * @param stem [batch, h, w, 32]; @param learner [batch, h / 2, w / 2, 48]
 * @param boxes left, top, right, bottom, px: [batch, objects, 4]
 * @returns [batch * objects, 32, 32, 80]
 */
export function cropObjects(stem: tf.Tensor4D, learner: tf.Tensor4D, boxes: tf.Tensor3D): tf.Tensor4D {
  const { stemStride, learnerStride, cropSize } = architecture;
  return tf.tidy(() =>
    tf.concat(
      [
        cropFeatures(stem, boxes, stemStride, cropSize),
        cropFeatures(learner, boxes, learnerStride, cropSize),
      ],
      3,
    ),
  );
}

/** @param crops [objects, 32, 32, 80], at least one */
export function classifyCrops(weights: WeightTensors, crops: tf.Tensor4D): CropJudgement {
  return tf.tidy(() => {
    const first = convolve(weights, 'task/crops/first', crops, { stride: 2 }); // [objects, 16, 16, 40]
    const second = convolve(weights, 'task/crops/second', first, { stride: 2 }); // [objects, 8, 8, 48]
    const pooled = tf.concat([tf.mean(second, [1, 2]), tf.max(second, [1, 2])], 1); // [objects, 96]
    const cells = tf.reshape<tf.Rank.R4>(pooled, [pooled.shape[0], 1, 1, pooled.shape[1]!]);
    const embedding = convolve(weights, 'task/crops/embedding', cells); // [objects, 1, 1, 32]
    const logits = convolve(weights, 'task/crops/logits', embedding, { activation: 'linear' });
    return {
      embedding: tf.squeeze<tf.Tensor2D>(embedding, [1, 2]),
      logits: tf.squeeze<tf.Tensor2D>(logits, [1, 2]),
    };
  });
}

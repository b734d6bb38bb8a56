/** Second stage: each proposal, cut out of the feature maps, is classified and its box refined. */
import * as tf from '@tensorflow/tfjs';
import { convolve, type WeightTensors } from '../coco-backbone/convolve.ts';
import { architecture as backbone } from '../coco-backbone/defaults.ts';
import type { Corners } from '../../../core/geometry/box.ts';
import { cropFeatures } from './crop-features.ts';
import { architecture } from './defaults.ts';

export interface CropJudgement {
  /** [crops, 64] */
  readonly embedding: tf.Tensor2D;
  /** Background first, then the classes: [crops, 1 + classes]. */
  readonly logits: tf.Tensor2D;
  /** Shift of the centre and logarithm of the scale, across and down: [crops, 4]. */
  readonly refinements: tf.Tensor2D;
}

/**
 * What crops are cut from: fine and coarse features side by side, narrowed.
 *
 * @param stem [batch, h, w, 24]; @param learner [batch, h, w, 128]; @returns [batch, h, w, 48]
 */
export function detailMaps(weights: WeightTensors, stem: tf.Tensor4D, learner: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() =>
    // The stem's values run to a hundred and more, the learner's to a few.
    convolve(weights, 'task/detail', tf.concat([tf.mul(stem, STEM_SCALE), learner], 3), {
      activation: 'relu',
    }),
  );
}

const STEM_SCALE = 1 / 32;

/** @param boxes px, already widened: [batch, crops, 4]; @returns [batch * crops, 12, 12, 48] */
export function cropDetails(details: tf.Tensor4D, boxes: tf.Tensor3D): tf.Tensor4D {
  return cropFeatures(details, boxes, backbone.stride, architecture.cropSize);
}

/** @param crops [crops, 12, 12, 48], at least one */
export function judgeCrops(weights: WeightTensors, crops: tf.Tensor4D): CropJudgement {
  return tf.tidy(() => {
    const embedding = tf.relu(dense(weights, 'task/crops/embedding', digest(weights, 'task/crops', crops)));
    // What tells a class apart blurs where exactly its box ends: a branch of its own places it.
    const placing = tf.relu(dense(weights, 'task/place/hidden', digest(weights, 'task/place', crops))); // [crops, 128]
    return {
      embedding,
      logits: dense(weights, 'task/crops/logits', embedding),
      refinements: dense(weights, 'task/place/refinements', placing),
    };
  });
}

/** @returns [crops, 6 * 6 * 64] */
function digest(weights: WeightTensors, branch: string, crops: tf.Tensor4D): tf.Tensor2D {
  const first = convolve(weights, `${branch}/first`, crops, { activation: 'relu' }); // [crops, 12, 12, 64]
  const second = convolve(weights, `${branch}/second`, first, { stride: 2, activation: 'relu' }); // [crops, 6, 6, 64]
  return tf.reshape(second, [second.shape[0], -1]);
}

function dense(weights: WeightTensors, name: string, x: tf.Tensor2D): tf.Tensor2D {
  return tf.add(tf.matMul(x, weights[`${name}/kernel`] as tf.Tensor2D), weights[`${name}/bias`]!);
}

/** @param boxes [crops, 4], px; @returns corners of the refined boxes: [crops, 4] */
export function refineBoxes(boxes: tf.Tensor2D, refinements: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => {
    const [left, top, right, bottom] = tf.split<tf.Tensor2D>(boxes, 4, 1); // each [crops, 1]
    const [dx, dy, dw, dh] = tf.split<tf.Tensor2D>(refinements, 4, 1);
    const across = refineSide(left!, right!, dx!, dw!);
    const down = refineSide(top!, bottom!, dy!, dh!);
    return tf.concat([across[0], down[0], across[1], down[1]], 1);
  });
}

function refineSide(
  from: tf.Tensor2D,
  to: tf.Tensor2D,
  shift: tf.Tensor2D,
  growth: tf.Tensor2D,
): [tf.Tensor2D, tf.Tensor2D] {
  const { refinement, largestExponent } = architecture;
  const size = tf.sub(to, from);
  const middle = tf.add(tf.div(tf.add(from, to), 2), tf.mul(tf.mul(shift, refinement.shift), size));
  const exponent = tf.clipByValue(tf.mul(growth, refinement.scale), -largestExponent, largestExponent);
  const half = tf.div(tf.mul(size, tf.exp(exponent)), 2);
  return [tf.sub(middle, half), tf.add(middle, half)];
}

/** The same in plain numbers, for the boxes that are reported. */
export function refineBox([left, top, right, bottom]: Corners, refinement: ArrayLike<number>): Corners {
  const [dx, dy, dw, dh] = [refinement[0]!, refinement[1]!, refinement[2]!, refinement[3]!];
  const side = (from: number, to: number, shift: number, growth: number): [number, number] => {
    const size = to - from;
    const middle = (from + to) / 2 + shift * architecture.refinement.shift * size;
    const { largestExponent } = architecture;
    const exponent = Math.min(
      largestExponent,
      Math.max(-largestExponent, growth * architecture.refinement.scale),
    );
    const half = (size * Math.exp(exponent)) / 2;
    return [middle - half, middle + half];
  };
  const [x1, x2] = side(left, right, dx, dw);
  const [y1, y2] = side(top, bottom, dy, dh);
  return [x1, y1, x2, y2];
}

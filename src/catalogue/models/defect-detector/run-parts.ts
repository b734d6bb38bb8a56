/** The detector's parts as steps for one picture, from pixels to judged objects; an amalgamation joins them. */
import * as tf from '@tensorflow/tfjs';
import { applyPlatt } from '../../../core/statistics/platt-scaling.ts';
import { classifyCrops, cropObjects } from './classify-crops.ts';
import { cropBox } from './crop-box.ts';
import type { JudgedObject } from './decide.ts';
import { architecture, DEFECT_CATEGORIES, OBJECT_CATEGORIES } from './defaults.ts';
import type { ObjectMaps } from './detect-objects.ts';
import type { DefectDetector } from './detector.ts';
import { findObjects, type FoundObject } from './postprocess.ts';
import { fitPixels, letterbox, toInputTensor, type Letterbox, type Pixels } from './preprocess.ts';
import { categoryIndex } from './training-example.ts';

/** @returns image [1, 288, 384, 3], and how the picture lies in it */
export function preprocessPicture(pixels: Pixels): { image: tf.Tensor4D; frame: Letterbox } {
  const frame = letterbox(pixels.width, pixels.height);
  return { image: toInputTensor(fitPixels(pixels, frame), 1), frame };
}

/** Reads the maps back from the device, once. */
export async function selectObjects({ logits, distances }: ObjectMaps): Promise<FoundObject[]> {
  const [, rows, columns] = logits.shape;
  const [logitValues, distanceValues] = await Promise.all([logits.data(), distances.data()]);
  return findObjects({ rows, columns, logits: logitValues, distances: distanceValues });
}

/** @returns [objects, 32, 32, 80]; with no object, an empty tensor of that shape */
export function cropFound(
  stem: tf.Tensor4D,
  learner: tf.Tensor4D,
  objects: readonly FoundObject[],
): tf.Tensor4D {
  const { cropSize, stemChannels, learnerChannels } = architecture;
  if (objects.length === 0) return tf.zeros([0, cropSize, cropSize, stemChannels + learnerChannels]);
  return tf.tidy(() => {
    const boxes = objects.map(({ box }) => [...cropBox(box)]);
    return cropObjects(stem, learner, tf.tensor3d([boxes], [1, objects.length, 4]));
  });
}

export interface Judgement {
  /** [objects, 32] */
  readonly embedding: tf.Tensor2D;
  /** Of each category's defect: [objects, categories]. */
  readonly logits: tf.Tensor2D;
  /** Calibrated; given that the object is there: [objects, categories]. */
  readonly probabilities: tf.Tensor2D;
}

export function judgeCrops(detector: DefectDetector, crops: tf.Tensor4D): Judgement {
  return tf.tidy(() => {
    if (crops.shape[0] === 0) {
      const none = (): tf.Tensor2D => tf.zeros([0, OBJECT_CATEGORIES.length]);
      return {
        embedding: tf.zeros<tf.Rank.R2>([0, architecture.embeddingSize]),
        logits: none(),
        probabilities: none(),
      };
    }
    const { embedding, logits } = classifyCrops(detector.weights, crops);
    const scalings = DEFECT_CATEGORIES.map((defect) => detector.parameters.calibration[defect]);
    const slopes = tf.tensor1d(scalings.map(({ slope }) => slope));
    const intercepts = tf.tensor1d(scalings.map(({ intercept }) => intercept));
    const probabilities = tf.sigmoid<tf.Tensor2D>(tf.add(tf.mul(logits, slopes), intercepts));
    return { embedding, logits, probabilities };
  });
}

/** Joins each object with what was judged of its crop. */
export async function collectJudged(
  detector: DefectDetector,
  objects: readonly FoundObject[],
  judgement: Judgement,
): Promise<JudgedObject[]> {
  const [embeddings, logits, probabilities] = await Promise.all([
    judgement.embedding.data(),
    judgement.logits.data(),
    judgement.probabilities.data(),
  ]);
  const { embeddingSize } = architecture;
  return objects.map((object, index) => {
    const entry = index * OBJECT_CATEGORIES.length + categoryIndex(object.category);
    return {
      ...object,
      probability: applyPlatt(detector.parameters.calibration[object.category], object.logit),
      defectLogit: logits[entry]!,
      defectProbability: probabilities[entry]!,
      embedding: Array.from(embeddings.subarray(index * embeddingSize, (index + 1) * embeddingSize)),
    };
  });
}

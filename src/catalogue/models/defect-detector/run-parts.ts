/** The detector's parts as steps for one picture, from pixels to judged objects; an amalgamation joins them. */
import * as tf from '@tensorflow/tfjs';
import { widenBox, type Corners } from './box.ts';
import type { JudgedObject } from './decide.ts';
import { architecture } from './defaults.ts';
import type { DefectDetector } from './detector.ts';
import { findProposals, type Proposal } from './find-proposals.ts';
import { cropDetails, judgeCrops, refineBox, type CropJudgement } from './judge-crops.ts';
import { fitPixels, letterbox, toInputTensor, type Letterbox } from './preprocess.ts';
import type { ProposalMaps } from './propose.ts';
import type { Pixels } from './resize-pixels.ts';

/** @returns image [1, 480, 640, 3], and how the picture lies in it */
export function preprocessPicture(pixels: Pixels): { image: tf.Tensor4D; frame: Letterbox } {
  const frame = letterbox(pixels.width, pixels.height);
  return { image: toInputTensor(fitPixels(pixels, frame), 1), frame };
}

/** Reads the maps back from the device, once. */
export async function selectProposals({ logits, distances }: ProposalMaps): Promise<Proposal[]> {
  const [, rows, columns, classes] = logits.shape;
  const [logitValues, distanceValues] = await Promise.all([
    logits.data<'float32'>(),
    distances.data<'float32'>(),
  ]);
  return findProposals({ rows, columns, classes, logits: logitValues, distances: distanceValues });
}

/** @param details [1, h, w, 48]; @returns [proposals, 12, 12, 48]; with no proposal, an empty tensor of that shape */
export function cropProposals(details: tf.Tensor4D, proposals: readonly Proposal[]): tf.Tensor4D {
  const { cropSize, detailChannels, cropMargin } = architecture;
  if (proposals.length === 0) return tf.zeros([0, cropSize, cropSize, detailChannels]);
  return tf.tidy(() => {
    const boxes = proposals.map(({ box }) => [...widenBox(box, cropMargin)]);
    return cropDetails(details, tf.tensor3d([boxes], [1, proposals.length, 4]));
  });
}

export function judgeProposals({ weights, parameters }: DefectDetector, crops: tf.Tensor4D): CropJudgement {
  if (crops.shape[0] > 0) return judgeCrops(weights, crops);
  return {
    embedding: tf.zeros([0, architecture.embeddingSize]),
    logits: tf.zeros([0, parameters.classes.length + 1]),
    refinements: tf.zeros([0, 4]),
  };
}

/** Joins each proposal with what was judged of its crop. */
export async function collectJudged(
  proposals: readonly Proposal[],
  judgement: CropJudgement,
): Promise<JudgedObject[]> {
  const [embeddings, logits, refinements] = await Promise.all([
    judgement.embedding.data<'float32'>(),
    judgement.logits.data<'float32'>(),
    judgement.refinements.data<'float32'>(),
  ]);
  const { embeddingSize } = architecture;
  const choices = judgement.logits.shape[1];
  return proposals.map(({ classIndex, logit, box }, index) => {
    const cropLogits = logits.subarray(index * choices, (index + 1) * choices);
    const refined: Corners = refineBox(box, refinements.subarray(index * 4, index * 4 + 4));
    return {
      classIndex,
      proposalLogit: logit,
      cropLogit: logOdds(cropLogits, classIndex + 1),
      box: refined,
      embedding: Array.from(embeddings.subarray(index * embeddingSize, (index + 1) * embeddingSize)),
    };
  });
}

/** Of one choice of a softmax against all others together. */
function logOdds(logits: Float32Array, choice: number): number {
  const others = Array.from(logits).filter((_, index) => index !== choice);
  const largest = Math.max(...others);
  const sum = others.reduce((total, logit) => total + Math.exp(logit - largest), 0);
  return logits[choice]! - largest - Math.log(sum);
}

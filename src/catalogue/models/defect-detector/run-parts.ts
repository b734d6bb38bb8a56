/** The detector's parts as steps from pixels to judged objects, for a batch of windows on one picture; an amalgamation joins them. */
import * as tf from '@tensorflow/tfjs';
import { widenBox, type Corners } from '../../../core/geometry/box.ts';
import type { Window } from '../../../core/geometry/plan-windows.ts';
import { mergeObjects, type JudgedObject, type SeenObject } from './decide.ts';
import { architecture as backbone } from '../coco-backbone/defaults.ts';
import { architecture } from './defaults.ts';
import type { DefectDetector } from './detector.ts';
import { findProposals, type Proposal } from './find-proposals.ts';
import { cropDetails, judgeCrops, refineBox, type CropJudgement } from './judge-crops.ts';
import { fitPixels, letterbox, toInputTensor, toPicture, type Letterbox } from './preprocess.ts';
import type { ProposalMaps } from './propose.ts';
import type { Pixels } from './resize-pixels.ts';

/** A window, and how what it shows lies in the network's frame. */
export interface Frame {
  readonly window: Window;
  readonly letterbox: Letterbox;
}

/** In which of the windows of a batch something was seen: its place among them. */
export interface InWindow {
  readonly windowIndex: number;
}

/** @returns image [windows, 480, 640, 3], and how each window lies in it */
export function preprocessWindows(
  picture: Pixels,
  windows: readonly Window[],
): { image: tf.Tensor4D; frames: Frame[] } {
  const { inputHeight, inputWidth } = architecture;
  const frameBytes = inputHeight * inputWidth * 3;
  const bytes = new Uint8Array(windows.length * frameBytes);
  const frames = windows.map((window, index): Frame => {
    const frame = { window, letterbox: letterbox(window.width, window.height) };
    bytes.set(fitPixels(cutWindow(picture, window), frame.letterbox), index * frameBytes);
    return frame;
  });
  return { image: toInputTensor(bytes, windows.length), frames };
}

/** Reads the maps back from the device, once. @returns window by window */
export async function selectProposals({ logits, distances }: ProposalMaps): Promise<(Proposal & InWindow)[]> {
  const [windows, rows, columns, classes] = logits.shape;
  const [logitValues, distanceValues] = await Promise.all([
    logits.data<'float32'>(),
    distances.data<'float32'>(),
  ]);
  const size = rows * columns * classes;
  return Array.from({ length: windows }, (_, windowIndex) => {
    const [from, to] = [windowIndex * size, (windowIndex + 1) * size];
    const maps = {
      rows,
      columns,
      classes,
      logits: logitValues.subarray(from, to),
      distances: distanceValues.subarray(from * 4, to * 4),
    };
    return findProposals(maps).map((proposal) => ({ ...proposal, windowIndex }));
  }).flat();
}

/**
 * @param details [windows, h, w, 48]; @param proposals window by window
 * @returns [proposals, 12, 12, 48]; with no proposal, an empty tensor of that shape
 */
export function cropProposals(
  details: tf.Tensor4D,
  proposals: readonly (Proposal & InWindow)[],
): tf.Tensor4D {
  const { cropSize, detailChannels, cropMargin } = architecture;
  if (proposals.length === 0) return tf.zeros([0, cropSize, cropSize, detailChannels]);
  const perWindow = Array.from({ length: details.shape[0] }, (): number[][] => []);
  for (const { box, windowIndex } of proposals) perWindow[windowIndex]!.push([...widenBox(box, cropMargin)]);
  const most = Math.max(...perWindow.map(({ length }) => length));
  return tf.tidy(() => {
    // Every window gives as many crops: where it has fewer proposals the first cell fills up, and is left out again.
    const boxes = perWindow.map((own) => [...own, ...new Array<number[]>(most - own.length).fill(FILLER)]);
    const crops = cropDetails(details, tf.tensor3d(boxes, [perWindow.length, most, 4]));
    if (perWindow.length * most === proposals.length) return crops;
    const wanted = perWindow.flatMap((own, window) => own.map((_, index) => window * most + index));
    return tf.gather(crops, tf.tensor1d(wanted, 'int32'));
  });
}

const FILLER = [0, 0, backbone.stride, backbone.stride];

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
  proposals: readonly (Proposal & InWindow)[],
  judgement: CropJudgement,
): Promise<(JudgedObject & InWindow)[]> {
  const [embeddings, logits, refinements] = await Promise.all([
    judgement.embedding.data<'float32'>(),
    judgement.logits.data<'float32'>(),
    judgement.refinements.data<'float32'>(),
  ]);
  const { embeddingSize } = architecture;
  const choices = judgement.logits.shape[1];
  return proposals.map(({ classIndex, logit, box, windowIndex }, index) => {
    const cropLogits = logits.subarray(index * choices, (index + 1) * choices);
    const refined: Corners = refineBox(box, refinements.subarray(index * 4, index * 4 + 4));
    return {
      windowIndex,
      classIndex,
      proposalLogit: logit,
      cropLogit: logOdds(cropLogits, classIndex + 1),
      box: refined,
      embedding: Array.from(embeddings.subarray(index * embeddingSize, (index + 1) * embeddingSize)),
    };
  });
}

/** What is left of each window after merging, its boxes in pixels of the picture. */
export function placeObjects(
  judged: readonly (JudgedObject & InWindow)[],
  frames: readonly Frame[],
): SeenObject[] {
  return frames.flatMap(({ window, letterbox: lies }, index) =>
    mergeObjects(judged.filter(({ windowIndex }) => windowIndex === index)).flatMap(
      (object): SeenObject[] => {
        const [left, top, right, bottom] = toPicture(lies, object.box);
        if (right <= left || bottom <= top) return [];
        const box = [left + window.left, top + window.top, right + window.left, bottom + window.top] as const;
        return [{ ...object, box, window }];
      },
    ),
  );
}

/** The picture itself where the window shows all of it. */
function cutWindow(picture: Pixels, { left, top, width, height }: Window): Pixels {
  if (width === picture.width && height === picture.height) return picture;
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const from = ((top + row) * picture.width + left) * 3;
    data.set(picture.data.subarray(from, from + width * 3), row * width * 3);
  }
  return { data, width, height };
}

/** Of one choice of a softmax against all others together. */
function logOdds(logits: Float32Array, choice: number): number {
  const others = Array.from(logits).filter((_, index) => index !== choice);
  const largest = Math.max(...others);
  const sum = others.reduce((total, logit) => total + Math.exp(logit - largest), 0);
  return logits[choice]! - largest - Math.log(sum);
}

/** Which crops of a window the second stage learns from, and what it should have said of each. */
import type { Random } from '../../../core/statistics/random.ts';
import { boxArea, intersectionOverUnion, type Corners } from '../../../core/geometry/box.ts';
import { training, type CropPlan } from './defaults.ts';
import type { Proposal } from './find-proposals.ts';
import type { TrueObject } from './training-picture.ts';

export interface LearningCrop {
  readonly box: Corners;
  /** 0 is background, then the classes. */
  readonly choice: number;
  /** Of the object that the crop is taken for; null for background. */
  readonly trueBox: Corners | null;
}

/** The true boxes, a little off, then the network's own proposals, until the places are full. */
export function chooseCrops(
  random: Random,
  objects: readonly TrueObject[],
  proposals: readonly Proposal[],
  { perPicture, near: mostNear, copies }: CropPlan,
): LearningCrop[] {
  const near = objects.flatMap(({ box }) =>
    Array.from({ length: isSmall(box) ? copies.small : copies.large }, () => jitter(random, box)),
  );
  return [...near.slice(0, mostNear), ...proposals.map(({ box }) => box)]
    .flatMap((box) => judge(box, objects))
    .slice(0, perPicture);
}

/** Boxes between object and background teach nothing. */
function judge(box: Corners, objects: readonly TrueObject[]): LearningCrop[] {
  const { cropOverlap } = training;
  let best: TrueObject | undefined;
  let bestOverlap = 0;
  for (const object of objects) {
    const overlap = intersectionOverUnion(box, object.box);
    if (overlap > bestOverlap) [best, bestOverlap] = [object, overlap];
  }
  if (best && bestOverlap >= cropOverlap.object) {
    return [{ box, choice: best.classIndex + 1, trueBox: best.box }];
  }
  return bestOverlap < cropOverlap.background ? [{ box, choice: 0, trueBox: null }] : [];
}

function isSmall(box: Corners): boolean {
  return Math.sqrt(boxArea(box)) < training.smallSide;
}

function jitter(random: Random, [left, top, right, bottom]: Corners): Corners {
  const off = (): number => (2 * random.uniform() - 1) * training.cropJitter;
  const [width, height] = [right - left, bottom - top];
  return [left + off() * width, top + off() * height, right + off() * width, bottom + off() * height];
}

/** From judged objects to detections: merged, calibrated, thresholds applied, boxes in pixels of the picture. */
import type { Detection } from '../../../core/domain/detection.ts';
import { applyPlatt } from '../../../core/statistics/platt-scaling.ts';
import { suppress, type Corners } from './box.ts';
import { decision } from './defaults.ts';
import type { DetectorClass } from './parameters.ts';
import { toPicture, type Letterbox } from './preprocess.ts';

export interface JudgedObject {
  /** Place in the list of classes. */
  readonly classIndex: number;
  /** What each stage says, before calibration. */
  readonly proposalLogit: number;
  readonly cropLogit: number;
  /** Refined; px of the network's frame. */
  readonly box: Corners;
  readonly embedding: readonly number[];
}

export interface Decision {
  /** Below this nothing is reported; left out, the thresholds that came with the weights. */
  readonly minimumScore?: number;
}

/** Both stages must agree: their log-odds add up. */
export function jointLogit({ proposalLogit, cropLogit }: JudgedObject): number {
  return proposalLogit + cropLogit;
}

/** Of boxes of one class on the same thing the most certain stays. */
export function mergeObjects(judged: readonly JudgedObject[]): JudgedObject[] {
  return suppress(judged, jointLogit, decision.overlapLimit);
}

/** Best first. */
export function decide(
  judged: readonly JudgedObject[],
  frame: Letterbox,
  classes: readonly DetectorClass[],
  { minimumScore }: Decision = {},
): Detection[] {
  return mergeObjects(judged)
    .flatMap((object): Detection[] => {
      const { name, calibration, threshold } = classes[object.classIndex]!;
      const [left, top, right, bottom] = toPicture(frame, object.box);
      const score = applyPlatt(calibration, jointLogit(object));
      if (right <= left || bottom <= top || score < (minimumScore ?? threshold)) return [];
      return [
        { category: name, score, bbox: [left, top, right - left, bottom - top], embedding: object.embedding },
      ];
    })
    .sort((a, b) => b.score - a.score);
}

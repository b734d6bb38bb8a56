/** From judged objects to detections: boxes in pixels of the picture, thresholds. */
import type { Detection } from '../../../core/domain/detection.ts';
import { DEFECT_CATEGORIES } from './defaults.ts';
import type { DetectionCategory, DetectorParameters } from './parameters.ts';
import type { FoundObject } from './postprocess.ts';
import { toPicture, type Corners, type Letterbox } from './preprocess.ts';
import { categoryIndex } from './training-example.ts';

export interface JudgedObject extends FoundObject {
  /** Calibrated: that the object is there. */
  readonly probability: number;
  /** Of the defect of its category, given that the object is there: before and after calibration. */
  readonly defectLogit: number;
  readonly defectProbability: number;
  readonly embedding: readonly number[];
}

export interface Decision {
  /** Below this nothing is reported; left out, the thresholds that training chose. */
  readonly minimumScore?: number;
}

/** Best first. An object with a defect is reported twice: as what it is, and as what is wrong with it. */
export function decide(
  objects: readonly JudgedObject[],
  frame: Letterbox,
  thresholds: DetectorParameters['thresholds'],
  { minimumScore }: Decision = {},
): Detection[] {
  const detections = objects.flatMap((object): (Detection & { category: DetectionCategory })[] => {
    const defect = DEFECT_CATEGORIES[categoryIndex(object.category)]!;
    const bbox = toBox(toPicture(frame, object.box));
    if (bbox[2] <= 0 || bbox[3] <= 0) return [];
    const { category, probability, defectProbability, embedding } = object;
    return [
      { category, score: probability, bbox, embedding },
      { category: defect, score: probability * defectProbability, bbox, embedding },
    ];
  });
  return detections
    .filter(({ category, score }) => score >= (minimumScore ?? thresholds[category]))
    .sort((a, b) => b.score - a.score);
}

function toBox([left, top, right, bottom]: Corners): Detection['bbox'] {
  return [left, top, right - left, bottom - top];
}

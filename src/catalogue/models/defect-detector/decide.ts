/** From judged objects to detections: merged, calibrated, thresholds applied. */
import type { Detection } from '../../../core/domain/detection.ts';
import { applyPlatt } from '../../../core/statistics/platt-scaling.ts';
import { suppress, type Corners } from '../../../core/geometry/box.ts';
import { mergeViews } from '../../../core/geometry/merge-views.ts';
import type { Window } from '../../../core/geometry/plan-windows.ts';
import { architecture, decision } from './defaults.ts';
import type { DetectorClass } from './parameters.ts';

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

/** As it lies on the picture. */
export interface SeenObject extends JudgedObject {
  /** Px of the picture. */
  readonly box: Corners;
  /** In which it was seen. */
  readonly window: Window;
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

/** The same across the windows of one picture, of which an object may be seen whole in some and cut in others. */
export function mergeSeen(
  seen: readonly SeenObject[],
  windows: readonly Window[],
  classes: readonly DetectorClass[],
): SeenObject[] {
  const calibrated = (object: SeenObject): number => {
    const { slope, intercept } = classes[object.classIndex]!.calibration;
    return slope * jointLogit(object) + intercept;
  };
  return mergeViews(seen, windows, calibrated, VIEW_RULES);
}

const VIEW_RULES = {
  frame: { width: architecture.inputWidth, height: architecture.inputHeight },
  overlapLimit: decision.overlapLimit,
  ...decision.windows,
};

/** @param objects merged; @returns best first */
export function decide(
  objects: readonly SeenObject[],
  classes: readonly DetectorClass[],
  { minimumScore }: Decision = {},
): Detection[] {
  return objects
    .flatMap((object): Detection[] => {
      const { name, calibration, threshold } = classes[object.classIndex]!;
      const score = applyPlatt(calibration, jointLogit(object));
      if (score < (minimumScore ?? threshold)) return [];
      const [left, top, right, bottom] = object.box;
      return [
        { category: name, score, bbox: [left, top, right - left, bottom - top], embedding: object.embedding },
      ];
    })
    .sort((a, b) => b.score - a.score);
}

/** Makes a detector's probabilities true: one Platt scaling a class, on merged boxes of pictures it has not learned from. */
import type { LineInspection } from '../../catalogue/amalgamations/line-inspection/line-inspection.ts';
import type { DetectorClass } from '../../catalogue/models/defect-detector/parameters.ts';
import type { ProgressListener } from '../../core/domain/progress.ts';
import { fitPlatt } from '../../core/statistics/platt-scaling.ts';
import type { LabelledPicture } from './detector-data.ts';
import { inspectPictures } from './inspect-pictures.ts';
import { matchBoxes } from './match-detections.ts';

/** Fewer cases of either outcome say too little: the raw probability stays. */
const FEWEST_CASES = 5;

export async function calibrateDetector(
  inspection: LineInspection,
  pictures: readonly LabelledPicture[],
  onProgress: ProgressListener,
): Promise<DetectorClass[]> {
  const inspected = await inspectPictures(inspection, pictures, onProgress, 'calibrating the detector');
  return inspection.classes.map((each) => {
    const [logits, outcomes]: [number[], number[]] = [[], []];
    for (const { truths, found } of inspected) {
      const own = found.filter(({ category }) => category === each.name);
      const there = truths.filter(({ category }) => category === each.name);
      const matches = matchBoxes(
        own,
        there.map(({ box }) => box),
      );
      own.forEach(({ logit }, index) => {
        logits.push(logit);
        outcomes.push(matches[index]! >= 0 ? 1 : 0);
      });
    }
    const right = outcomes.filter((outcome) => outcome === 1).length;
    const enough = Math.min(right, outcomes.length - right) >= FEWEST_CASES;
    return enough ? { ...each, calibration: fitPlatt(logits, outcomes) } : each;
  });
}

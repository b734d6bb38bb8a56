/** Lets a detector look at labelled pictures, and keeps what it says beside what is there. */
import type { LineInspection } from '../../catalogue/amalgamations/line-inspection/line-inspection.ts';
import type { Corners } from '../../core/geometry/box.ts';
import { jointLogit } from '../../catalogue/models/defect-detector/decide.ts';
import { BadInput } from '../../core/domain/failure.ts';
import type { ProgressListener } from '../../core/domain/progress.ts';
import { applyPlatt } from '../../core/statistics/platt-scaling.ts';
import type { LabelledPicture } from './detector-data.ts';

export interface FoundBox {
  readonly category: string;
  /** Log-odds before calibration, and the probability after it. */
  readonly logit: number;
  readonly score: number;
  readonly box: Corners;
}

export interface InspectedPicture {
  readonly name: string;
  /** Px. */
  readonly width: number;
  readonly height: number;
  readonly truths: LabelledPicture['boxes'];
  /** All that is left after merging, whatever its score. */
  readonly found: readonly FoundBox[];
}

/** A defect that the detector was never taught would count as a sound picture. @throws BadInput that names it */
export function requireKnownClasses(
  pictures: readonly LabelledPicture[],
  classes: readonly { readonly name: string }[],
): void {
  const known = new Set(classes.map(({ name }) => name));
  for (const { name, boxes } of pictures) {
    const unknown = boxes.find(({ category }) => !known.has(category));
    if (unknown === undefined) continue;
    throw new BadInput(
      'dataset-class',
      `${name} shows ${unknown.category}, which the detector is not taught; it knows ${[...known].join(', ')}.`,
    );
  }
}

export async function inspectPictures(
  inspection: LineInspection,
  pictures: readonly LabelledPicture[],
  onProgress: ProgressListener,
  stage: string,
): Promise<InspectedPicture[]> {
  requireKnownClasses(pictures, inspection.classes);
  const inspected: InspectedPicture[] = [];
  for (const picture of pictures) {
    const pixels = await picture.read();
    const { width, height } = pixels;
    const found = await findBoxes(inspection, pixels);
    inspected.push({ name: picture.name, width, height, truths: picture.boxes, found });
    onProgress({ stage, done: inspected.length, total: pictures.length });
  }
  return inspected;
}

export async function findBoxes(
  inspection: LineInspection,
  pixels: Parameters<LineInspection['judge']>[0],
): Promise<FoundBox[]> {
  return (await inspection.judge(pixels)).map((object) => {
    const { name, calibration } = inspection.classes[object.classIndex]!;
    const logit = jointLogit(object);
    return { category: name, logit, score: applyPlatt(calibration, logit), box: object.box };
  });
}

/** One picture with its truth, as it is kept in memory between the passes of training. */
import type { Corners } from '../../../core/geometry/box.ts';
import { letterbox, scaleToFrame } from './preprocess.ts';
import type { Pixels } from './resize-pixels.ts';

export interface TrueObject {
  /** Place of its class in the list of classes. */
  readonly classIndex: number;
  /** Px of the pixels beside it. */
  readonly box: Corners;
}

export interface TrainingPicture extends Pixels {
  readonly objects: readonly TrueObject[];
  /** Not a photograph. */
  readonly isDrawn?: boolean;
}

/** As large as the network's frame allows. @param objects boxes in px of the picture */
export function toTrainingPicture(pixels: Pixels, objects: readonly TrueObject[]): TrainingPicture {
  const { scale } = letterbox(pixels.width, pixels.height);
  const scaled = scaleToFrame(pixels);
  return {
    ...scaled,
    objects: objects.map(({ classIndex, box }) => ({
      classIndex,
      box: [box[0] * scale, box[1] * scale, box[2] * scale, box[3] * scale],
    })),
  };
}

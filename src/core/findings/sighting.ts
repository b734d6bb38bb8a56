/** What the grouping of detections knows of a photograph and of each box in it. */
import type { Box } from '../geometry/box-overlap.ts';
import type { SightSum } from '../geometry/point-on-tower.ts';

/** One box that shows a defect, in one photograph. */
export interface Sighting {
  readonly imageId: string;
  readonly kind: string;
  /** Calibrated probability that it is one. */
  readonly score: number;
  /** In shares of the picture's width and height. */
  readonly box: Box;
  /** Where on the tower it may lie; null where the camera does not say enough. */
  readonly sights: SightSum | null;
  /** All of one embedding space, or none. */
  readonly embedding?: readonly number[] | undefined;
}

export interface Picture {
  readonly imageId: string;
  readonly takenAt: Date | null;
  /** Of src/core/domain/perceptual-hash.ts; null where it has none. */
  readonly hash: string | null;
  /** All that was detected in it, in shares of width and height: shows by how much two frames are shifted. */
  readonly objects: readonly { readonly category: string; readonly box: Box }[];
}

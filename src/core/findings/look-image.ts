/** What the findings of a look are made of: its photographs, where each was taken from, and the boxes in it. */
import type { CameraPose } from '../geometry/camera-pose.ts';
import type { Box } from '../geometry/box-overlap.ts';

export interface LookImage {
  readonly imageId: string;
  readonly takenAt: Date | null;
  readonly hash: string | null;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Null where the camera does not say where it was. */
  readonly pose: CameraPose | null;
  /** Kinds of object that it shows well enough to judge. */
  readonly objectsInView: readonly string[];
  readonly boxes: readonly DetectedBox[];
}

export interface DetectedBox {
  /** Of the box, in whatever way the caller knows it. */
  readonly boxId: string;
  readonly category: string;
  readonly score: number;
  /** In pixels of the original image. */
  readonly bbox: Box;
  readonly embedding?: readonly number[] | undefined;
}

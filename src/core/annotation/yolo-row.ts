/** Boxes as YOLO writes them: `class x y width height`, the middle and size as shares of the picture. */
import type { PictureSize, PixelBox } from './pixel-box.ts';

export interface YoloRow {
  /** Counts from 0. */
  readonly classIndex: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function toYoloRow(classIndex: number, box: PixelBox, picture: PictureSize): YoloRow {
  return {
    classIndex,
    x: (box.xPx + box.widthPx / 2) / picture.widthPx,
    y: (box.yPx + box.heightPx / 2) / picture.heightPx,
    width: box.widthPx / picture.widthPx,
    height: box.heightPx / picture.heightPx,
  };
}

/**
 * Off by rounding alone: within `4 * Number.EPSILON` of the picture's side, 5e-11 px in 60,000. What must be exact is
 * taken from the side file.
 */
export function fromYoloRow({ x, y, width, height }: YoloRow, picture: PictureSize): PixelBox {
  const [widthPx, heightPx] = [width * picture.widthPx, height * picture.heightPx];
  return {
    xPx: x * picture.widthPx - widthPx / 2,
    yPx: y * picture.heightPx - heightPx / 2,
    widthPx,
    heightPx,
  };
}

/** In as many digits as it takes to read the same numbers back. */
export function writeYoloRow({ classIndex, x, y, width, height }: YoloRow): string {
  return [classIndex, x, y, width, height].join(' ');
}

/** @returns null where the line is not five numbers of which the first counts classes */
export function readYoloRow(line: string): YoloRow | null {
  const numbers = line.trim().split(/\s+/).map(Number);
  const [classIndex, x, y, width, height] = numbers;
  if (numbers.length !== 5 || !numbers.every(Number.isFinite)) return null;
  return { classIndex: classIndex!, x: x!, y: y!, width: width!, height: height! };
}

/** Which parts of a picture a network of a fixed frame looks at, one after the other. */
import type { Corners } from './box.ts';

/** A part of a picture, in whole pixels of it. */
export interface Window {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * A picture that shrinks by no more than this to fit the frame is looked at as a whole and nothing else: the detector
 * was taught on pictures that shrank by 1.8 and were varied down to 0.56 of that, a shrinkage of 3.2.
 */
const WHOLE_UP_TO = 2.5;
/** By how much the smallest tiles shrink: about as the pictures that taught the detector. */
const FINEST = 2;
/**
 * Whole picture and tiles, or tiles of two sizes, differ by no more than this in scale: what is just too large for the
 * overlap of the smaller (160 × 120 px of the frame) is 50 × 37 px of the larger's.
 */
const LARGEST_STEP = 3.2;
/** Of a tile's side: what is smaller than that is whole in one tile at least. */
export const OVERLAP = 1 / 4;

/**
 * The whole picture first, then tiles from coarse to fine, each in reading order.
 *
 * @param frame of the network
 * @example planWindows({ width: 4000, height: 3000 }, { width: 640, height: 480 }).length // 17: whole, and 4 × 4
 */
export function planWindows(picture: Size, frame: Size): Window[] {
  const whole = { left: 0, top: 0, width: picture.width, height: picture.height };
  const shrinkage = Math.max(picture.width / frame.width, picture.height / frame.height);
  if (shrinkage <= WHOLE_UP_TO) return [whole];
  const sizes = Math.ceil(Math.log(shrinkage / FINEST) / Math.log(LARGEST_STEP));
  const step = (shrinkage / FINEST) ** (1 / sizes);
  const windows: Window[] = [whole];
  for (let size = sizes - 1; size >= 0; size--) {
    const factor = FINEST * step ** size;
    windows.push(
      ...tile(picture, {
        width: Math.min(picture.width, Math.round(frame.width * factor)),
        height: Math.min(picture.height, Math.round(frame.height * factor)),
      }),
    );
  }
  return windows;
}

function tile(picture: Size, { width, height }: Size): Window[] {
  const [columns, rows] = [starts(picture.width, width), starts(picture.height, height)];
  return rows.flatMap((top) => columns.map((left) => ({ left, top, width, height })));
}

/** As few tiles as overlap enough, evenly spread. */
function starts(extent: number, side: number): number[] {
  if (side >= extent) return [0];
  const steps = Math.ceil((extent - side) / (side * (1 - OVERLAP)));
  return Array.from({ length: steps + 1 }, (_, index) => Math.round((index * (extent - side)) / steps));
}

export function cornersOf({ left, top, width, height }: Window): Corners {
  return [left, top, left + width, top + height];
}

/** Finds pictures that resemble one another, so that none is learned from whose near-duplicate is measured on. */
import type { Corners } from '../../../core/geometry/box.ts';
import { resizePixels, type Pixels } from '../../../catalogue/models/defect-detector/resize-pixels.ts';

/** A picture reduced to what is compared: grey values with mean 0 and length 1, so that a product is a correlation. */
export interface Thumbnails {
  /** 16 x 16 */
  readonly frame: Float32Array;
  /** Of each defect, in its four mirror images: 24 x 24 */
  readonly defects: readonly (readonly Float32Array[])[];
}

const FRAME_SIDE = 16;
const DEFECT_SIDE = 24;
const SAME_FRAME = 0.9;
const SAME_DEFECT = 0.85;

export function thumbnailsOf(pixels: Pixels, defects: readonly Corners[]): Thumbnails {
  return {
    frame: normalise(greySquare(pixels, FRAME_SIDE)),
    defects: defects.map((box) => mirrors(greySquare(cut(pixels, box), DEFECT_SIDE)).map(normalise)),
  };
}

/** @returns of each picture the number of its cluster, in order of first appearance */
export function clusterPictures(pictures: readonly Thumbnails[]): number[] {
  const parents = pictures.map((_, index) => index);
  const rootOf = (index: number): number => {
    let root = index;
    while (parents[root] !== root) root = parents[root]!;
    return root;
  };
  pictures.forEach((picture, index) => {
    for (let other = 0; other < index; other++) {
      if (resemble(picture, pictures[other]!)) parents[rootOf(index)] = rootOf(other);
    }
  });
  const numbers = new Map<number, number>();
  return pictures.map((_, index) => {
    const root = rootOf(index);
    if (!numbers.has(root)) numbers.set(root, numbers.size);
    return numbers.get(root)!;
  });
}

function resemble(a: Thumbnails, b: Thumbnails): boolean {
  if (dot(a.frame, b.frame) > SAME_FRAME) return true;
  return a.defects.some((mirrored) =>
    b.defects.some(([plain]) => mirrored.some((crop) => dot(crop, plain!) > SAME_DEFECT)),
  );
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function greySquare(pixels: Pixels, side: number): Float32Array {
  const { data } = resizePixels(pixels, side, side);
  return Float32Array.from(
    { length: side * side },
    (_, i) => data[3 * i]! + data[3 * i + 1]! + data[3 * i + 2]!,
  );
}

function cut({ data, width, height }: Pixels, box: Corners): Pixels {
  const left = Math.max(0, Math.floor(box[0]));
  const top = Math.max(0, Math.floor(box[1]));
  const across = Math.max(1, Math.min(width, Math.ceil(box[2])) - left);
  const down = Math.max(1, Math.min(height, Math.ceil(box[3])) - top);
  const out = new Uint8Array(across * down * 3);
  for (let y = 0; y < down; y++) {
    const from = ((top + y) * width + left) * 3;
    out.set(data.subarray(from, from + across * 3), y * across * 3);
  }
  return { data: out, width: across, height: down };
}

function mirrors(square: Float32Array): Float32Array[] {
  const side = Math.sqrt(square.length);
  const view = (flipX: boolean, flipY: boolean): Float32Array =>
    square.map((_, i) => {
      const [x, y] = [i % side, Math.floor(i / side)];
      return square[(flipY ? side - 1 - y : y) * side + (flipX ? side - 1 - x : x)]!;
    });
  return [square, view(true, false), view(false, true), view(true, true)];
}

function normalise(values: Float32Array): Float32Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const centred = values.map((value) => value - mean);
  const length = Math.sqrt(dot(centred, centred)) || 1;
  return centred.map((value) => value / length);
}

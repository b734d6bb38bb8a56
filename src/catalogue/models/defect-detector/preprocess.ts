/** Fits a picture of any size into the network's frame, and takes boxes back out of it. */
import * as tf from '@tensorflow/tfjs';
import { BadInput } from '../../../core/domain/failure.ts';
import { preprocessing as backbonePreprocessing } from '../coco-backbone/defaults.ts';
import type { Corners } from '../../../core/geometry/box.ts';
import { architecture } from './defaults.ts';
import { resizePixels, type Pixels } from './resize-pixels.ts';

/** How a picture lies in the frame: scaled alike both ways, centred, the rest grey. */
export interface Letterbox {
  /** Pixels of the frame per pixel of the picture. */
  readonly scale: number;
  readonly left: number;
  readonly top: number;
  /** Of the picture. */
  readonly width: number;
  readonly height: number;
}

/** What the pixel values mean to the weights: part of every embedding space of this model. */
export const preprocessing = {
  ...backbonePreprocessing,
  name: 'letterbox-area-average',
  inputWidth: architecture.inputWidth,
  inputHeight: architecture.inputHeight,
};

export const GREY = 128;

export function letterbox(width: number, height: number): Letterbox {
  const { inputWidth, inputHeight } = architecture;
  const scale = Math.min(inputWidth / width, inputHeight / height);
  const size = scaledSize(width, height, scale);
  return {
    scale,
    left: Math.floor((inputWidth - size.width) / 2),
    top: Math.floor((inputHeight - size.height) / 2),
    width,
    height,
  };
}

function scaledSize(width: number, height: number, scale: number): { width: number; height: number } {
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Cut to the picture. */
export function toPicture({ scale, left, top, width, height }: Letterbox, box: Corners): Corners {
  const across = (x: number): number => Math.max(0, Math.min(width, (x - left) / scale));
  const down = (y: number): number => Math.max(0, Math.min(height, (y - top) / scale));
  return [across(box[0]), down(box[1]), across(box[2]), down(box[3])];
}

/** The picture as large as the frame allows, without bars. */
export function scaleToFrame(pixels: Pixels): Pixels {
  const { data, width, height } = pixels;
  if (!(width > 0 && height > 0) || data.length !== width * height * 3) {
    throw new BadInput(
      'pixels-invalid',
      `A picture of ${width} x ${height} pixels needs ${width * height * 3} bytes of RGB; ${data.length} were given.`,
    );
  }
  const size = scaledSize(width, height, letterbox(width, height).scale);
  return resizePixels(pixels, size.width, size.height);
}

/** @returns RGB bytes of the frame */
export function fitPixels(pixels: Pixels, frame: Letterbox): Uint8Array {
  const { data, width, height } = scaleToFrame(pixels);
  const { inputWidth, inputHeight } = architecture;
  if (width === inputWidth && height === inputHeight) return data;
  const out = new Uint8Array(inputWidth * inputHeight * 3).fill(GREY);
  for (let row = 0; row < height; row++) {
    const line = data.subarray(row * width * 3, (row + 1) * width * 3);
    out.set(line, ((row + frame.top) * inputWidth + frame.left) * 3);
  }
  return out;
}

/** @param frames RGB bytes of `batch` frames, one after the other; @returns [batch, height, width, 3], 0 to 255 */
export function toInputTensor(
  frames: Uint8Array,
  batch: number,
  { width, height }: { width: number; height: number } = {
    width: architecture.inputWidth,
    height: architecture.inputHeight,
  },
): tf.Tensor4D {
  return tf.tensor4d(new Float32Array(frames), [batch, height, width, 3]);
}

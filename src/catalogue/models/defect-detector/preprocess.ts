/** Fits a picture of any size into the network's frame, and takes boxes back out of it. */
import * as tf from '@tensorflow/tfjs';
import { BadInput } from '../../../core/domain/failure.ts';
import { architecture } from './defaults.ts';

export interface Pixels {
  /** RGB, row by row. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Left, top, right, bottom. */
export type Corners = readonly [number, number, number, number];

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
  name: 'letterbox-area-average',
  inputWidth: architecture.inputWidth,
  inputHeight: architecture.inputHeight,
  pixelMean: architecture.pixelMean,
  pixelDeviation: architecture.pixelDeviation,
};

const GREY = 128;

export function letterbox(width: number, height: number): Letterbox {
  const { inputWidth, inputHeight } = architecture;
  const scale = Math.min(inputWidth / width, inputHeight / height);
  return {
    scale,
    left: Math.floor((inputWidth - Math.max(1, Math.round(width * scale))) / 2),
    top: Math.floor((inputHeight - Math.max(1, Math.round(height * scale))) / 2),
    width,
    height,
  };
}

export function toFrame({ scale, left, top }: Letterbox, box: Corners): Corners {
  return [box[0] * scale + left, box[1] * scale + top, box[2] * scale + left, box[3] * scale + top];
}

/** Cut to the picture. */
export function toPicture({ scale, left, top, width, height }: Letterbox, box: Corners): Corners {
  const across = (x: number): number => Math.max(0, Math.min(width, (x - left) / scale));
  const down = (y: number): number => Math.max(0, Math.min(height, (y - top) / scale));
  return [across(box[0]), down(box[1]), across(box[2]), down(box[3])];
}

/** Each pixel of the frame is the mean of the picture's pixels under it. @returns RGB bytes of the frame */
export function fitPixels(pixels: Pixels, frame: Letterbox): Uint8Array {
  const { data, width, height } = pixels;
  if (!(width > 0 && height > 0) || data.length !== width * height * 3) {
    throw new BadInput(
      'pixels-invalid',
      `A picture of ${width} x ${height} pixels needs ${width * height * 3} bytes of RGB; ${data.length} were given.`,
    );
  }
  const { inputWidth, inputHeight } = architecture;
  const out = new Uint8Array(inputWidth * inputHeight * 3).fill(GREY);
  const columns = spans(width, frame.scale, inputWidth - frame.left);
  const rows = spans(height, frame.scale, inputHeight - frame.top);
  rows.forEach(([firstRow, endRow], y) => {
    columns.forEach(([firstColumn, endColumn], x) => {
      let [red, green, blue] = [0, 0, 0];
      for (let row = firstRow; row < endRow; row++) {
        let at = (row * width + firstColumn) * 3;
        for (let column = firstColumn; column < endColumn; column++, at += 3) {
          red += data[at]!;
          green += data[at + 1]!;
          blue += data[at + 2]!;
        }
      }
      const count = (endRow - firstRow) * (endColumn - firstColumn);
      const to = ((y + frame.top) * inputWidth + x + frame.left) * 3;
      out[to] = red / count;
      out[to + 1] = green / count;
      out[to + 2] = blue / count;
    });
  });
  return out;
}

/** Source pixels [first, end) under each pixel of the frame; at least one. */
function spans(extent: number, scale: number, most: number): (readonly [number, number])[] {
  const count = Math.min(most, Math.max(1, Math.round(extent * scale)));
  return Array.from({ length: count }, (_, i) => {
    const first = Math.min(extent - 1, Math.floor((i * extent) / count));
    return [first, Math.max(first + 1, Math.floor(((i + 1) * extent) / count))] as const;
  });
}

/** @param frames RGB bytes of `batch` frames, one after the other; @returns [batch, 288, 384, 3] */
export function toInputTensor(frames: Uint8Array, batch: number): tf.Tensor4D {
  const { inputWidth, inputHeight, pixelMean, pixelDeviation } = architecture;
  const values = new Float32Array(frames.length);
  for (let i = 0; i < values.length; i++) values[i] = (frames[i]! / 255 - pixelMean) / pixelDeviation;
  return tf.tensor4d(values, [batch, inputHeight, inputWidth, 3]);
}

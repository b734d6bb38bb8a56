/** Lays a picture into a window: moved, scaled, mirrored, turned by quarters, its colours shifted; its boxes follow. */
import type { Random } from '../../../core/statistics/random.ts';
import { boxArea, sharedBox, type Corners } from '../../../core/geometry/box.ts';
import { augmentation } from './defaults.ts';
import { GREY } from './preprocess.ts';
import type { TrainingPicture, TrueObject } from './training-picture.ts';

/** Part of a window to fill, px. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** One axis of the window: picture coordinate = middle + (window coordinate - half the region) / scale. */
interface Axis {
  readonly middle: number;
  /** Negative where mirrored. */
  readonly scale: number;
}

export interface Warp {
  /** Along the picture's x and y. */
  readonly x: Axis;
  readonly y: Axis;
  /** The picture's x then runs down the window, and its y across. */
  readonly turned: boolean;
}

export interface WarpRange {
  /** Smallest and largest, window px per picture px. */
  readonly scales: readonly [number, number];
  /** Largest change of width against height. */
  readonly aspect: number;
  /** Probability of one. */
  readonly quarterTurn: number;
}

/** Tries to keep an object in sight. */
export function drawWarp(
  random: Random,
  picture: TrainingPicture,
  region: Region,
  { scales, aspect, quarterTurn }: WarpRange,
): Warp {
  const { mirrored, upsideDown } = augmentation;
  const logScale = Math.log(scales[0]) + random.uniform() * Math.log(scales[1] / scales[0]);
  const stretch = Math.exp((2 * random.uniform() - 1) * Math.log1p(aspect) * 0.5);
  const turned = random.uniform() < quarterTurn;
  const scaleX = Math.exp(logScale) * stretch * (random.uniform() < mirrored ? -1 : 1);
  const scaleY = (Math.exp(logScale) / stretch) * (random.uniform() < upsideDown ? -1 : 1);
  const [across, down] = turned ? [region.height, region.width] : [region.width, region.height];
  const place = (): Warp => ({
    x: { middle: drawMiddle(random, picture.width, across / Math.abs(scaleX)), scale: scaleX },
    y: { middle: drawMiddle(random, picture.height, down / Math.abs(scaleY)), scale: scaleY },
    turned,
  });
  let warp = place();
  for (let tries = 0; tries < 6; tries++) {
    const seen = picture.objects.some((object) => warpObject(object, warp, region).length > 0);
    if (seen || picture.objects.length === 0) break;
    warp = place();
  }
  return warp;
}

/** The window stays inside the picture, or the picture inside the window. */
function drawMiddle(random: Random, extent: number, visible: number): number {
  return extent / 2 + (random.uniform() - 0.5) * Math.abs(extent - visible);
}

/** Fills the region of `window` and returns the objects that are still to be seen there, in px of the window. */
export function warpPicture(
  picture: TrainingPicture,
  warp: Warp,
  window: { readonly data: Uint8Array; readonly width: number },
  region: Region,
): TrueObject[] {
  const { x, y, turned } = warp;
  const [across, down] = turned ? [region.height, region.width] : [region.width, region.height];
  const alongX = sampleAxis(x, across, picture.width);
  const alongY = sampleAxis(y, down, picture.height);
  const line = picture.width * 3;
  for (let v = 0; v < region.height; v++) {
    let to = ((v + region.top) * window.width + region.left) * 3;
    for (let u = 0; u < region.width; u++, to += 3) {
      const [i, j] = turned ? [v, u] : [u, v];
      const [x0, y0] = [alongX.first[i]!, alongY.first[j]!];
      if (x0 < 0 || y0 < 0) {
        window.data.fill(GREY, to, to + 3);
        continue;
      }
      const [fx, fy] = [alongX.rest[i]!, alongY.rest[j]!];
      const at = y0 * line + x0 * 3;
      for (let channel = 0; channel < 3; channel++) {
        const a = at + channel;
        const upper = picture.data[a]! * (1 - fx) + picture.data[a + 3]! * fx;
        const lower = picture.data[a + line]! * (1 - fx) + picture.data[a + line + 3]! * fx;
        window.data[to + channel] = upper * (1 - fy) + lower * fy + 0.5;
      }
    }
  }
  return picture.objects.flatMap((object) => warpObject(object, warp, region));
}

/** For each pixel of the window the picture's pixel before it and the share of the next; -1 outside. */
function sampleAxis(
  { middle, scale }: Axis,
  count: number,
  extent: number,
): { first: Int32Array; rest: Float32Array } {
  const [first, rest] = [new Int32Array(count), new Float32Array(count)];
  for (let i = 0; i < count; i++) {
    const at = middle + (i + 0.5 - count / 2) / scale - 0.5;
    if (at < -0.5 || at > extent - 0.5) {
      first[i] = -1;
      continue;
    }
    const cell = Math.max(0, Math.min(extent - 2, Math.floor(at)));
    first[i] = cell;
    rest[i] = Math.max(0, Math.min(1, at - cell));
  }
  return { first, rest };
}

function warpObject({ classIndex, box }: TrueObject, { x, y, turned }: Warp, region: Region): TrueObject[] {
  const [across, down] = turned ? [region.height, region.width] : [region.width, region.height];
  const side = (axis: Axis, extent: number, from: number, to: number): [number, number] => {
    const ends = [from, to].map((at) => (at - axis.middle) * axis.scale + extent / 2);
    return [Math.min(...ends), Math.max(...ends)];
  };
  const [x1, x2] = side(x, across, box[0], box[2]);
  const [y1, y2] = side(y, down, box[1], box[3]);
  const whole: Corners = turned ? [y1, x1, y2, x2] : [x1, y1, x2, y2];
  const seen = sharedBox(whole, [0, 0, region.width, region.height]);
  if (boxArea(seen) < augmentation.visibleShare * boxArea(whole)) return [];
  const { left, top } = region;
  return [{ classIndex, box: [seen[0] + left, seen[1] + top, seen[2] + left, seen[3] + top] }];
}

/** Brightness, contrast and tint, in place. */
export function shiftColours(random: Random, data: Uint8Array): void {
  const jitter = (): number => (2 * random.uniform() - 1) * augmentation.colour;
  const [contrast, brightness] = [1 + jitter(), 1 + jitter()];
  const tables = [0, 1, 2].map(() => {
    const gain = contrast * brightness * (1 + jitter() / 2);
    const offset = GREY * brightness * (1 - contrast);
    return Uint8ClampedArray.from({ length: 256 }, (_, value) => value * gain + offset);
  });
  const grey = random.uniform() < augmentation.grey;
  const [red, green, blue] = [tables[0]!, tables[1]!, tables[2]!];
  for (let i = 0; i < data.length; i += 3) {
    if (grey) data.fill(0.3 * data[i]! + 0.59 * data[i + 1]! + 0.11 * data[i + 2]!, i, i + 3);
    data[i] = red[data[i]!]!;
    data[i + 1] = green[data[i + 1]!]!;
    data[i + 2] = blue[data[i + 2]!]!;
  }
}

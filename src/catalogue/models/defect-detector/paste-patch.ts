/** Pastes a piece of one picture onto another, its seam blended away over a rim. */
import type { Corners } from '../../../core/geometry/box.ts';
import type { Pixels } from './resize-pixels.ts';

export interface Paste {
  readonly from: Pixels;
  /** What is cut out, px of `from`. */
  readonly source: Corners;
  /** Where its middle comes to lie, px of the target. */
  readonly middle: readonly [x: number, y: number];
  /** Target px per source px. */
  readonly scale: number;
  /** Width of the blended rim, as a share of half the patch. */
  readonly rim: number;
}

/** In place; what would lie outside is left out. @returns the patch's box in px of the target */
export function pastePatch(target: Pixels, { from, source, middle, scale, rim }: Paste): Corners {
  const [halfWidth, halfHeight] = [
    ((source[2] - source[0]) * scale) / 2,
    ((source[3] - source[1]) * scale) / 2,
  ];
  const box: Corners = [
    middle[0] - halfWidth,
    middle[1] - halfHeight,
    middle[0] + halfWidth,
    middle[1] + halfHeight,
  ];
  const clamp = (value: number, most: number): number => Math.max(0, Math.min(most, value));
  for (let y = Math.ceil(clamp(box[1], target.height)); y < clamp(box[3], target.height); y++) {
    for (let x = Math.ceil(clamp(box[0], target.width)); x < clamp(box[2], target.width); x++) {
      const edge = Math.min(
        1 - Math.abs(x + 0.5 - middle[0]) / halfWidth,
        1 - Math.abs(y + 0.5 - middle[1]) / halfHeight,
      );
      const share = clamp(edge / rim, 1);
      const sourceX = clamp(Math.floor(source[0] + (x + 0.5 - box[0]) / scale), from.width - 1);
      const sourceY = clamp(Math.floor(source[1] + (y + 0.5 - box[1]) / scale), from.height - 1);
      const at = (sourceY * from.width + sourceX) * 3;
      const to = (y * target.width + x) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const old = target.data[to + channel]!;
        target.data[to + channel] = old + share * (from.data[at + channel]! - old) + 0.5;
      }
    }
  }
  return box;
}

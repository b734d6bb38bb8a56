/** Boxes in pixels of a whole upright picture, as the database keeps them, and as corners. */
import type { Corners } from '../geometry/box.ts';

export interface PixelBox {
  /** Of the upper left corner, from the picture's upper left corner. */
  readonly xPx: number;
  readonly yPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

export interface PictureSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** @example cornersOfBox({ xPx: 10, yPx: 20, widthPx: 5, heightPx: 6 }) // [10, 20, 15, 26] */
export function cornersOfBox({ xPx, yPx, widthPx, heightPx }: PixelBox): Corners {
  return [xPx, yPx, xPx + widthPx, yPx + heightPx];
}

export function boxOfCorners([left, top, right, bottom]: Corners): PixelBox {
  return { xPx: left, yPx: top, widthPx: right - left, heightPx: bottom - top };
}

export function isSameBox(a: PixelBox, b: PixelBox, withinPx = 0): boolean {
  const [one, other] = [cornersOfBox(a), cornersOfBox(b)];
  return one.every((side, index) => Math.abs(side - other[index]!) <= withinPx);
}

/** Annotation tools round: a box may reach this far beyond its picture, and is cut. */
const ROUNDING_PX = 2;
/** Adding a side to a corner rounds, too: what reaches no farther beyond is left as it is. */
const ARITHMETIC_PX = 1e-6;

export type FittedBox = { readonly box: PixelBox } | { readonly problem: string };

/**
 * A box that was drawn elsewhere, cut to its picture; or what is wrong with it.
 *
 * @param name of the picture, for the message
 */
export function fitBox(box: PixelBox, picture: PictureSize, name: string): FittedBox {
  const corners = cornersOfBox(box);
  const [left, top, right, bottom] = corners;
  const said = `the box ${corners.map((side) => Math.round(side * 10) / 10).join(', ')} of ${name}`;
  if (!corners.every(Number.isFinite) || !(right > left) || !(bottom > top)) {
    return { problem: `${said} (left, top, right, bottom) has no area` };
  }
  const { widthPx, heightPx } = picture;
  const over = Math.max(-left, -top, right - widthPx, bottom - heightPx);
  if (over > ROUNDING_PX) {
    const size = `${widthPx} x ${heightPx}`;
    return { problem: `${said} reaches ${Math.ceil(over)} px beyond the picture, which is ${size}` };
  }
  if (over <= ARITHMETIC_PX) return { box };
  const cut = boxOfCorners([
    Math.max(0, left),
    Math.max(0, top),
    Math.min(widthPx, right),
    Math.min(heightPx, bottom),
  ]);
  const isBeside = cut.widthPx <= 0 || cut.heightPx <= 0;
  return isBeside
    ? { problem: `${said} lies beside the picture, which is ${widthPx} x ${heightPx}` }
    : { box: cut };
}

/** How far two boxes of one picture are the same place. */
import { boxArea, intersectionOverUnion, sharedBox, type Corners } from './box.ts';

/** Left, top, width, height. */
export type Box = readonly [x: number, y: number, width: number, height: number];

/** Area that both cover, of the area that either covers: 0 apart to 1 equal. */
export function boxOverlap(a: Box, b: Box): number {
  return intersectionOverUnion(cornersOf(a), cornersOf(b));
}

/** Area that both cover, of the smaller one: 1 where one lies in the other. */
export function boxContainment(a: Box, b: Box): number {
  const [one, other] = [cornersOf(a), cornersOf(b)];
  return boxArea(sharedBox(one, other)) / (Math.min(boxArea(one), boxArea(other)) || 1);
}

function cornersOf([x, y, width, height]: Box): Corners {
  return [x, y, x + width, y + height];
}

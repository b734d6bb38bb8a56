/** How far two boxes of one picture are the same place. */

/** Left, top, width, height. */
export type Box = readonly [x: number, y: number, width: number, height: number];

/** Area that both cover, of the area that either covers: 0 apart to 1 equal. */
export function boxOverlap(a: Box, b: Box): number {
  const both = sharedArea(a, b);
  return both === 0 ? 0 : both / (areaOf(a) + areaOf(b) - both);
}

/** Area that both cover, of the smaller one: 1 where one lies in the other. */
export function boxContainment(a: Box, b: Box): number {
  const both = sharedArea(a, b);
  return both === 0 ? 0 : both / Math.min(areaOf(a), areaOf(b));
}

function sharedArea([ax, ay, aw, ah]: Box, [bx, by, bw, bh]: Box): number {
  const width = Math.min(ax + aw, bx + bw) - Math.max(ax, bx);
  const height = Math.min(ay + ah, by + bh) - Math.max(ay, by);
  return width > 0 && height > 0 ? width * height : 0;
}

function areaOf([, , width, height]: Box): number {
  return width * height;
}

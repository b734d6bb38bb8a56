/** Boxes as left, top, right, bottom, in px of whatever picture they belong to. */
export type Corners = readonly [left: number, top: number, right: number, bottom: number];

export function boxArea([left, top, right, bottom]: Corners): number {
  return Math.max(0, right - left) * Math.max(0, bottom - top);
}

/** Part of two boxes that both cover; without area where they do not meet. */
export function sharedBox(a: Corners, b: Corners): Corners {
  return [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])];
}

/** @example intersectionOverUnion([0, 0, 2, 2], [1, 0, 3, 2]) // 1/3 */
export function intersectionOverUnion(a: Corners, b: Corners): number {
  const shared = boxArea(sharedBox(a, b));
  return shared / (boxArea(a) + boxArea(b) - shared || 1);
}

/** The box with a margin of a share of its size on every side. */
export function widenBox([left, top, right, bottom]: Corners, share: number): Corners {
  const [across, down] = [(right - left) * share, (bottom - top) * share];
  return [left - across, top - down, right + across, bottom + down];
}

/** Best first: boxes that overlap a better one of the same class by more than the limit go. */
export function suppress<T extends { readonly box: Corners; readonly classIndex: number }>(
  boxes: readonly T[],
  scoreOf: (box: T) => number,
  limit: number,
): T[] {
  const kept: T[] = [];
  for (const candidate of [...boxes].sort((a, b) => scoreOf(b) - scoreOf(a))) {
    const rival = kept.some(
      ({ box, classIndex }) =>
        classIndex === candidate.classIndex && intersectionOverUnion(box, candidate.box) > limit,
    );
    if (!rival) kept.push(candidate);
  }
  return kept;
}

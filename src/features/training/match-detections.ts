/** Pairs what a detector found on one picture with what is there. */
import { intersectionOverUnion, type Corners } from '../../core/geometry/box.ts';

/** A box counts as found from this overlap up, unless a figure asks for more. */
export const SAME_OBJECT = 0.5;

/**
 * The most certain first, each takes the free truth it overlaps most.
 *
 * @returns for each found box the index of its truth, or -1
 */
export function matchBoxes(
  found: readonly { readonly box: Corners; readonly score: number }[],
  truth: readonly Corners[],
  leastOverlap = SAME_OBJECT,
): number[] {
  const matches = found.map(() => -1);
  const taken = new Set<number>();
  const order = found.map((_, index) => index).sort((a, b) => found[b]!.score - found[a]!.score);
  for (const index of order) {
    let best = -1;
    let bestOverlap = leastOverlap;
    truth.forEach((box, candidate) => {
      const overlap = intersectionOverUnion(found[index]!.box, box);
      if (taken.has(candidate) || overlap < bestOverlap) return;
      best = candidate;
      bestOverlap = overlap;
    });
    if (best < 0) continue;
    matches[index] = best;
    taken.add(best);
  }
  return matches;
}

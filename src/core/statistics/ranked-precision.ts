/**
 * Average precision over cases that are ranked once and weighted anew each time, as a bootstrap over clusters
 * needs it: one pass a draw instead of one sort.
 */

/**
 * @param clusters number of the cluster of each case
 * @returns average precision with as many copies of each case as its cluster weighs; NaN where no true case is left
 * @example rankPrecision([0.9, 0.8, 0.7], [1, 0, 1], [0, 0, 0])([1]) // 0.833
 */
export function rankPrecision(
  scores: Float32Array,
  truths: Uint8Array,
  clusters: Uint32Array,
): (weights: ArrayLike<number>) => number {
  const order = Uint32Array.from({ length: scores.length }, (_, at) => at).sort(
    (one, other) => scores[other]! - scores[one]!,
  );
  return (weights) => {
    let [found, seen, sum] = [0, 0, 0];
    for (let at = 0; at < order.length;) {
      const score = scores[order[at]!]!;
      let hits = 0;
      // Ties come together: no order among them is better than another.
      for (; at < order.length && scores[order[at]!] === score; at++) {
        const weight = weights[clusters[order[at]!]!]!;
        seen += weight;
        hits += weight * truths[order[at]!]!;
      }
      found += hits;
      if (hits > 0) sum += hits * (found / seen);
    }
    return sum / found;
  };
}

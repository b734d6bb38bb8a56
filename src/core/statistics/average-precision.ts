/** Area under the precision-recall curve by its steps: the mean precision at each true case, ties together. */

/** @param truths 1 for a true case, 0 else; @returns NaN where there is no true case */
export function averagePrecision(scores: ArrayLike<number>, truths: ArrayLike<number>): number {
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  let found = 0;
  let sum = 0;
  let at = 0;
  while (at < order.length) {
    const score = scores[order[at]!]!;
    let hits = 0;
    while (at < order.length && scores[order[at]!]! === score) hits += truths[order[at++]!]!;
    found += hits;
    sum += hits * (found / at);
  }
  return sum / found;
}

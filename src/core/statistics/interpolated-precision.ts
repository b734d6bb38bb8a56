/** Average precision as COCO counts it: the envelope of the precision-recall curve, read at 101 recalls. */

const READINGS = 101;

/**
 * @param scores of all detections; @param correct 1 where a detection found an object, 0 else
 * @param objects all there were to find
 * @returns NaN where there was none
 */
export function interpolatedPrecision(
  scores: ArrayLike<number>,
  correct: ArrayLike<number>,
  objects: number,
): number {
  if (objects === 0) return NaN;
  const { precisions, recalls } = precisionRecall(scores, correct, objects);
  // The best precision at this recall or any higher.
  for (let i = precisions.length - 2; i >= 0; i--) {
    precisions[i] = Math.max(precisions[i]!, precisions[i + 1]!);
  }
  let sum = 0;
  for (let reading = 0, at = 0; reading < READINGS; reading++) {
    while (at < recalls.length && recalls[at]! < reading / (READINGS - 1) - 1e-12) at++;
    sum += precisions[at] ?? 0;
  }
  return sum / READINGS;
}

/** Largest share of the objects that is found while at least this share of the detections is right. */
export function recallAtPrecision(
  scores: ArrayLike<number>,
  correct: ArrayLike<number>,
  objects: number,
  precision: number,
): number {
  if (objects === 0) return NaN;
  const curve = precisionRecall(scores, correct, objects);
  return curve.precisions.reduce(
    (best, p, i) => (p >= precision ? Math.max(best, curve.recalls[i]!) : best),
    0,
  );
}

function precisionRecall(
  scores: ArrayLike<number>,
  correct: ArrayLike<number>,
  objects: number,
): { precisions: number[]; recalls: number[] } {
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  let found = 0;
  const [precisions, recalls]: [number[], number[]] = [[], []];
  order.forEach((index, rank) => {
    found += correct[index]!;
    precisions.push(found / (rank + 1));
    recalls.push(found / objects);
  });
  return { precisions, recalls };
}

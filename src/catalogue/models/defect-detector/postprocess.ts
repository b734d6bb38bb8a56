/** From heat map and boxes to objects: peaks, the best of overlapping boxes, nothing else. */
import { architecture, decision, OBJECT_CATEGORIES, type ObjectCategory } from './defaults.ts';
import type { Corners } from './preprocess.ts';

export interface FoundObject {
  readonly category: ObjectCategory;
  /** Of the peak, before calibration. */
  readonly logit: number;
  /** Px of the network's input. */
  readonly box: Corners;
}

/** Maps of one picture, row-major: [rows, columns, categories] and [rows, columns, categories * 4]. */
export interface ObjectMapValues {
  readonly rows: number;
  readonly columns: number;
  readonly logits: ArrayLike<number>;
  readonly distances: ArrayLike<number>;
}

const CANDIDATE_LOGIT = Math.log(decision.candidateScore / (1 - decision.candidateScore));

/** Best first. */
export function findObjects(maps: ObjectMapValues): FoundObject[] {
  return keepBest(findPeaks(maps)).slice(0, decision.mostCandidates);
}

/** Cells that no neighbour of the same category exceeds; of equal neighbours the first in reading order. */
function findPeaks(maps: ObjectMapValues): FoundObject[] {
  const { rows, columns, logits, distances } = maps;
  const categories = OBJECT_CATEGORIES.length;
  const stride = architecture.learnerStride;
  const peaks: FoundObject[] = [];
  OBJECT_CATEGORIES.forEach((category, index) => {
    const at = (row: number, column: number): number =>
      row < 0 || column < 0 || row >= rows || column >= columns
        ? -Infinity
        : logits[(row * columns + column) * categories + index]!;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const logit = at(row, column);
        if (!(logit >= CANDIDATE_LOGIT) || isExceeded(at, row, column, logit)) continue;
        const first = ((row * columns + column) * categories + index) * 4;
        const [x, y] = [(column + 0.5) * stride, (row + 0.5) * stride];
        const box: Corners = [
          x - distances[first]!,
          y - distances[first + 1]!,
          x + distances[first + 2]!,
          y + distances[first + 3]!,
        ];
        peaks.push({ category, logit, box });
      }
    }
  });
  return peaks;
}

function isExceeded(
  at: (row: number, column: number) => number,
  row: number,
  column: number,
  logit: number,
): boolean {
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const neighbour = at(row + dy, column + dx);
      const earlier = dy < 0 || (dy === 0 && dx < 0);
      if (neighbour > logit || (earlier && neighbour === logit)) return true;
    }
  }
  return false;
}

function keepBest(objects: readonly FoundObject[]): FoundObject[] {
  const kept: FoundObject[] = [];
  for (const object of [...objects].sort((a, b) => b.logit - a.logit)) {
    const rival = kept.some(
      (other) =>
        other.category === object.category &&
        intersectionOverUnion(other.box, object.box) > decision.overlapLimit,
    );
    if (!rival) kept.push(object);
  }
  return kept;
}

/** @example intersectionOverUnion([0, 0, 2, 2], [1, 0, 3, 2]) // 1/3 */
export function intersectionOverUnion(a: Corners, b: Corners): number {
  const width = Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0]));
  const height = Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
  const shared = width * height;
  const area = (box: Corners): number => (box[2] - box[0]) * (box[3] - box[1]);
  return shared / (area(a) + area(b) - shared || 1);
}

/** From heat map and boxes to proposals: peaks, the best of overlapping ones, nothing else. */
import { architecture as backbone } from '../coco-backbone/defaults.ts';
import { suppress, type Corners } from '../../../core/geometry/box.ts';
import { decision } from './defaults.ts';

export interface Proposal {
  readonly classIndex: number;
  /** Of the peak. */
  readonly logit: number;
  /** Px of the network's frame. */
  readonly box: Corners;
}

/** Maps of one picture, row-major: [rows, columns, classes] and [rows, columns, classes * 4]. */
export interface ProposalMapValues {
  readonly rows: number;
  readonly columns: number;
  readonly classes: number;
  readonly logits: Float32Array;
  readonly distances: Float32Array;
}

const LEAST_LOGIT = Math.log(decision.proposalScore / (1 - decision.proposalScore));

/** Best first. */
export function findProposals(maps: ProposalMapValues): Proposal[] {
  return suppress(findPeaks(maps), ({ logit }) => logit, decision.proposalOverlap).slice(
    0,
    decision.mostProposals,
  );
}

/** Cells that no neighbour of the same class exceeds; of equal neighbours the first in reading order. */
function findPeaks(maps: ProposalMapValues): Proposal[] {
  const { rows, columns, classes, logits, distances } = maps;
  const { stride } = backbone;
  const peaks: Proposal[] = [];
  for (let cell = 0, entry = 0; cell < rows * columns; cell++) {
    for (let classIndex = 0; classIndex < classes; classIndex++, entry++) {
      const logit = logits[entry]!;
      if (!(logit >= LEAST_LOGIT)) continue;
      const [row, column] = [Math.floor(cell / columns), cell % columns];
      if (isExceeded(maps, row, column, classIndex, logit)) continue;
      const [x, y] = [(column + 0.5) * stride, (row + 0.5) * stride];
      const [left, top, right, bottom] = distances.subarray(entry * 4, entry * 4 + 4);
      peaks.push({ classIndex, logit, box: [x - left!, y - top!, x + right!, y + bottom!] });
    }
  }
  return peaks;
}

function isExceeded(
  { rows, columns, classes, logits }: ProposalMapValues,
  row: number,
  column: number,
  classIndex: number,
  logit: number,
): boolean {
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const [y, x] = [row + dy, column + dx];
      if (y < 0 || x < 0 || y >= rows || x >= columns) continue;
      const neighbour = logits[(y * columns + x) * classes + classIndex]!;
      const earlier = dy < 0 || (dy === 0 && dx < 0);
      if (neighbour > logit || (earlier && neighbour === logit)) return true;
    }
  }
  return false;
}

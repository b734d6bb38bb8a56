/**
 * Isolation forest. F. T. Liu, K. M. Ting and Z.-H. Zhou, 2008: what random cuts set apart soon is unusual.
 * Sizes and score are those of scikit-learn.
 */
import type { Random } from '../../../../src/core/statistics/random.ts';

export interface IsolationForestOptions {
  readonly trees: number;
  /** Rows that each tree is grown on. */
  readonly rowsPerTree: number;
}

export const FOREST_DEFAULTS: IsolationForestOptions = { trees: 100, rowsPerTree: 256 };

interface Tree {
  /** -1 at a leaf. */
  readonly feature: Int16Array;
  readonly cut: Float32Array;
  /** The left child follows its parent. */
  readonly right: Int32Array;
  /** At a leaf: its depth, and what a tree would still grow by on the rows that ended there. */
  readonly pathLength: Float32Array;
}

export class IsolationForest {
  private constructor(
    private readonly trees: readonly Tree[],
    private readonly usualLength: number,
  ) {}

  /** @param rows one array a row, all of one length, without missing values */
  static grow(
    rows: readonly Float32Array[],
    random: Random,
    { trees, rowsPerTree }: IsolationForestOptions = FOREST_DEFAULTS,
  ): IsolationForest {
    const size = Math.min(rowsPerTree, rows.length);
    const grown = Array.from({ length: trees }, () => growTree(drawRows(rows, size, random), random));
    return new IsolationForest(grown, usualPathLength(size));
  }

  /** @returns 0..1; about one half for a usual row, towards 1 for one that is soon set apart */
  score(row: Float32Array): number {
    let sum = 0;
    for (const { feature, cut, right, pathLength } of this.trees) {
      let node = 0;
      while (feature[node]! >= 0) node = row[feature[node]!]! <= cut[node]! ? node + 1 : right[node]!;
      sum += pathLength[node]!;
    }
    return 2 ** (-sum / this.trees.length / this.usualLength);
  }
}

/** Without replacement. */
function drawRows(rows: readonly Float32Array[], size: number, random: Random): Float32Array[] {
  const drawn = new Set<number>();
  while (drawn.size < size) drawn.add(Math.floor(random.uniform() * rows.length));
  return [...drawn].map((at) => rows[at]!);
}

function growTree(sample: readonly Float32Array[], random: Random): Tree {
  const deepest = Math.ceil(Math.log2(Math.max(2, sample.length)));
  const feature: number[] = [];
  const cut: number[] = [];
  const right: number[] = [];
  const pathLength: number[] = [];
  const grow = (rows: readonly Float32Array[], depth: number): void => {
    const node = feature.length;
    feature.push(-1);
    cut.push(0);
    right.push(0);
    pathLength.push(depth + usualPathLength(rows.length));
    const choice = depth < deepest && rows.length > 1 ? chooseCut(rows, random) : null;
    if (choice === null) return;
    feature[node] = choice.feature;
    cut[node] = choice.cut;
    grow(
      rows.filter((row) => row[choice.feature]! <= choice.cut),
      depth + 1,
    );
    right[node] = feature.length;
    grow(
      rows.filter((row) => row[choice.feature]! > choice.cut),
      depth + 1,
    );
  };
  grow(sample, 0);
  return {
    feature: Int16Array.from(feature),
    cut: Float32Array.from(cut),
    right: Int32Array.from(right),
    pathLength: Float32Array.from(pathLength),
  };
}

/** A random place within the range of a random column; null where no column varies. */
function chooseCut(rows: readonly Float32Array[], random: Random): { feature: number; cut: number } | null {
  const untried = Array.from(rows[0]!, (_, feature) => feature);
  while (untried.length > 0) {
    const [feature] = untried.splice(Math.floor(random.uniform() * untried.length), 1) as [number];
    let [lowest, highest] = [Infinity, -Infinity];
    for (const row of rows) {
      lowest = Math.min(lowest, row[feature]!);
      highest = Math.max(highest, row[feature]!);
    }
    // The cut is stored in single precision and must leave rows on both sides.
    const cut = Math.fround(lowest + random.uniform() * (highest - lowest));
    if (highest > lowest) return { feature, cut: cut < highest ? cut : lowest };
  }
  return null;
}

/** Mean depth at which a search in a binary tree of so many entries fails. */
export function usualPathLength(entries: number): number {
  if (entries <= 1) return 0;
  if (entries === 2) return 1;
  const EULER = 0.5772156649015329;
  return 2 * (Math.log(entries - 1) + EULER) - (2 * (entries - 1)) / entries;
}

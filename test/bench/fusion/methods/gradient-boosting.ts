/**
 * Gradient boosting of small trees over histograms, for the logarithm of odds. J. H. Friedman, 2001; second order
 * leaf values as Chen and Guestrin, 2016.
 */

export interface BoostingOptions {
  readonly trees: number;
  /** Levels of cuts in a tree; 1 is a stump. */
  readonly depth: number;
  /** Part of each tree's correction that is taken. */
  readonly learningRate: number;
  readonly bins: number;
  /** Of the outcome's variance, in cases: a leaf with less is not made. */
  readonly leastLeafWeight: number;
  /** Draws leaf values towards 0. */
  readonly ridge: number;
}

export const BOOSTING_DEFAULTS: BoostingOptions = {
  trees: 120,
  depth: 3,
  learningRate: 0.1,
  bins: 32,
  leastLeafWeight: 5,
  ridge: 1,
};

/** A complete tree: node n has children 2n + 1 and 2n + 2. */
interface BoostedTree {
  /** -1 where the node is not cut: rows go on to the left. */
  readonly feature: Int16Array;
  readonly cut: Float32Array;
  /** One a node of the last level. */
  readonly value: Float32Array;
}

export class GradientBoosting {
  private constructor(
    private readonly base: number,
    private readonly trees: readonly BoostedTree[],
  ) {}

  /**
   * @param columns one array a feature, NaN for missing, which counts as lowest
   * @param outcomes 1 or 0
   */
  static fit(
    columns: readonly Float32Array[],
    outcomes: Uint8Array,
    options: BoostingOptions = BOOSTING_DEFAULTS,
  ): GradientBoosting {
    const positives = outcomes.reduce((sum, outcome) => sum + outcome, 0);
    const base = Math.log((positives + 0.5) / (outcomes.length - positives + 0.5));
    const edges = columns.map((column) => binEdges(column, options.bins));
    const binned = columns.map((column, feature) =>
      Uint8Array.from(column, (value) => binOf(edges[feature]!, value)),
    );
    const logits = new Float32Array(outcomes.length).fill(base);
    const trees: BoostedTree[] = [];
    for (let round = 0; round < options.trees; round++) {
      trees.push(growTree(binned, edges, outcomes, logits, options));
    }
    return new GradientBoosting(base, trees);
  }

  /** Logarithm of the odds. */
  predict(row: ArrayLike<number>): number {
    let logit = this.base;
    for (const { feature, cut, value } of this.trees) {
      let node = 0;
      while (node < feature.length) {
        const goesRight = feature[node]! >= 0 && row[feature[node]!]! > cut[node]!;
        node = 2 * node + (goesRight ? 2 : 1);
      }
      logit += value[node - feature.length]!;
    }
    return logit;
  }
}

/** Quantiles; a value in bin b is above b of them. */
function binEdges(column: Float32Array, bins: number): Float32Array {
  const sorted = column.filter((value) => !Number.isNaN(value)).sort();
  const edges = new Set<number>();
  for (let bin = 1; bin < bins && sorted.length > 0; bin++) {
    edges.add(sorted[Math.floor((bin * sorted.length) / bins)]!);
  }
  return Float32Array.from(edges);
}

function binOf(edges: Float32Array, value: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value > edges[middle]!) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Grows one tree level by level and adds its values to the logits. */
function growTree(
  binned: readonly Uint8Array[],
  edges: readonly Float32Array[],
  outcomes: Uint8Array,
  logits: Float32Array,
  options: BoostingOptions,
): BoostedTree {
  const inner = 2 ** options.depth - 1;
  const feature = new Int16Array(inner).fill(-1);
  const cut = new Float32Array(inner);
  const node = new Uint16Array(outcomes.length);
  const gradient = new Float32Array(outcomes.length);
  const weight = new Float32Array(outcomes.length);
  for (let i = 0; i < outcomes.length; i++) {
    const probability = 1 / (1 + Math.exp(-logits[i]!));
    gradient[i] = outcomes[i]! - probability;
    weight[i] = probability * (1 - probability);
  }
  for (let level = 0; level < options.depth; level++) {
    const first = 2 ** level - 1;
    const cuts = bestCuts(binned, edges, node, first, 2 ** level, gradient, weight, options);
    for (const [at, best] of cuts.entries()) {
      if (best === null) continue;
      feature[first + at] = best.feature;
      cut[first + at] = edges[best.feature]![best.bin]!;
    }
    for (let i = 0; i < node.length; i++) {
      const best = cuts[node[i]! - first]!;
      const goesRight = best !== null && binned[best.feature]![i]! > best.bin;
      node[i] = 2 * node[i]! + (goesRight ? 2 : 1);
    }
  }
  const sums = new Float64Array(inner + 1);
  const weights = new Float64Array(inner + 1);
  for (let i = 0; i < node.length; i++) {
    sums[node[i]! - inner]! += gradient[i]!;
    weights[node[i]! - inner]! += weight[i]!;
  }
  const value = Float32Array.from(
    sums,
    (sum, leaf) => (options.learningRate * sum) / (weights[leaf]! + options.ridge),
  );
  for (let i = 0; i < node.length; i++) logits[i]! += value[node[i]! - inner]!;
  return { feature, cut, value };
}

interface Cut {
  readonly feature: number;
  /** Rows in later bins go to the right. */
  readonly bin: number;
}

/** The cut of each node of a level that gains most; null where none does. */
function bestCuts(
  binned: readonly Uint8Array[],
  edges: readonly Float32Array[],
  node: Uint16Array,
  first: number,
  count: number,
  gradient: Float32Array,
  weight: Float32Array,
  { bins, leastLeafWeight, ridge }: BoostingOptions,
): (Cut | null)[] {
  const best: (Cut | null)[] = Array<Cut | null>(count).fill(null);
  const bestGain = new Float64Array(count).fill(1e-9);
  const sums = new Float64Array(count * bins);
  const weights = new Float64Array(count * bins);
  const worth = (sum: number, over: number): number => (sum * sum) / (over + ridge);
  for (const [feature, column] of binned.entries()) {
    sums.fill(0);
    weights.fill(0);
    for (let i = 0; i < column.length; i++) {
      const at = (node[i]! - first) * bins + column[i]!;
      sums[at]! += gradient[i]!;
      weights[at]! += weight[i]!;
    }
    for (let own = 0; own < count; own++) {
      const bin0 = own * bins;
      let [allSum, allWeight] = [0, 0];
      for (let bin = 0; bin < bins; bin++) {
        allSum += sums[bin0 + bin]!;
        allWeight += weights[bin0 + bin]!;
      }
      let [leftSum, leftWeight] = [0, 0];
      for (let bin = 0; bin < edges[feature]!.length; bin++) {
        leftSum += sums[bin0 + bin]!;
        leftWeight += weights[bin0 + bin]!;
        if (leftWeight < leastLeafWeight || allWeight - leftWeight < leastLeafWeight) continue;
        const gain =
          worth(leftSum, leftWeight) +
          worth(allSum - leftSum, allWeight - leftWeight) -
          worth(allSum, allWeight);
        if (gain <= bestGain[own]!) continue;
        bestGain[own] = gain;
        best[own] = { feature, bin };
      }
    }
  }
  return best;
}

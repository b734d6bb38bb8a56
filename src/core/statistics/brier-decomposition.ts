/**
 * What makes up the Brier score of stated probabilities. A. H. Murphy, "A new vector partition of the
 * probability score", 1973, over bins; what probabilities within a bin differ by is the remainder, as in
 * Stephenson, Coelho and Jolliffe, 2008.
 */

export interface BrierDecomposition {
  /** Mean squared distance between probability and outcome; 0 is perfect. */
  readonly score: number;
  /** Part that comes from probabilities that are not true; 0 is calibrated. */
  readonly reliability: number;
  /** What the probabilities tell more than always stating the overall share; higher is better. */
  readonly resolution: number;
  /** Of always stating the overall share. */
  readonly uncertainty: number;
}

/** Sums over the cases of each bin; sums of several groups of cases add up. */
export interface BrierSums {
  readonly cases: Float64Array;
  readonly probability: Float64Array;
  readonly outcome: Float64Array;
  readonly squaredError: Float64Array;
}

export function emptyBrierSums(bins: number): BrierSums {
  const column = (): Float64Array => new Float64Array(bins);
  return { cases: column(), probability: column(), outcome: column(), squaredError: column() };
}

export function addCase(sums: BrierSums, bin: number, probability: number, outcome: number): void {
  sums.cases[bin]! += 1;
  sums.probability[bin]! += probability;
  sums.outcome[bin]! += outcome;
  sums.squaredError[bin]! += (probability - outcome) ** 2;
}

/** @param groups with the weight of each; all of them have the same bins */
export function decomposeBrier(
  groups: Iterable<{ readonly sums: BrierSums; readonly weight: number }>,
): BrierDecomposition {
  let total: BrierSums | null = null;
  for (const { sums, weight } of groups) {
    total ??= emptyBrierSums(sums.cases.length);
    for (const name of ['cases', 'probability', 'outcome', 'squaredError'] as const) {
      for (let bin = 0; bin < sums.cases.length; bin++) total[name][bin]! += weight * sums[name][bin]!;
    }
  }
  if (total === null) return { score: NaN, reliability: NaN, resolution: NaN, uncertainty: NaN };
  const sum = (column: Float64Array): number => column.reduce((before, value) => before + value, 0);
  const cases = sum(total.cases);
  const share = sum(total.outcome) / cases;
  let [reliability, resolution] = [0, 0];
  for (const [bin, inBin] of total.cases.entries()) {
    if (inBin === 0) continue;
    const observed = total.outcome[bin]! / inBin;
    reliability += inBin * (total.probability[bin]! / inBin - observed) ** 2;
    resolution += inBin * (observed - share) ** 2;
  }
  return {
    score: sum(total.squaredError) / cases,
    reliability: reliability / cases,
    resolution: resolution / cases,
    uncertainty: share * (1 - share),
  };
}

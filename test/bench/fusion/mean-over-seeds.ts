/** Mean of a figure over seeds, with Student's interval: seeds are few. */

export interface MeanOverSeeds {
  readonly mean: number;
  /** Half the width of the 95 % interval of the mean (Student); NaN from one seed. */
  readonly half: number;
  /** One-sided 95 % bound; NaN from one seed. */
  readonly lower: number;
  readonly seeds: number;
}

/** Student's quantiles by degrees of freedom, from 1. */
const TWO_SIDED = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];
const ONE_SIDED = [6.314, 2.92, 2.353, 2.132, 2.015, 1.943, 1.895, 1.86, 1.833, 1.812];

/** @param values of each seed; what could not be told counts for nothing */
export function meanOverSeeds(values: readonly (number | null)[]): MeanOverSeeds {
  const known = values.filter((value) => value !== null && Number.isFinite(value)) as number[];
  const seeds = known.length;
  const mean = known.reduce((sum, value) => sum + value, 0) / seeds;
  if (seeds < 2) return { mean, half: NaN, lower: NaN, seeds };
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (seeds - 1);
  const error = Math.sqrt(variance / seeds);
  // Beyond the table, off by less than a hundredth.
  const twoSided = TWO_SIDED[seeds - 2] ?? 1.96 + 2.6 / (seeds - 1);
  const oneSided = ONE_SIDED[seeds - 2] ?? 1.645 + 1.6 / (seeds - 1);
  return { mean, half: twoSided * error, lower: mean - oneSided * error, seeds };
}

/** Divides a data set into pictures to learn from and pictures to measure on, by cluster or, to see what that hides, at random. */
import type { Random } from '../../../core/statistics/random.ts';
import type { DatasetSplit } from './read-split.ts';

export type SplitRule = 'cluster' | 'random';

/**
 * By cluster, near-duplicates stay on one side and figures are honest. At random, a detector is measured on pictures
 * whose twins it has seen: the difference between the two is what leakage is worth.
 *
 * @param clusters of each picture the number of its cluster
 * @param share of the pictures to measure on, 0 to 1; by cluster it is met as closely as whole clusters allow
 */
export function splitDataset(
  random: Random,
  names: readonly string[],
  clusters: readonly number[],
  rule: SplitRule,
  share: number,
): DatasetSplit {
  const groups = new Map<number, string[]>();
  names.forEach((name, index) => {
    const group = rule === 'cluster' ? clusters[index]! : index;
    groups.set(group, [...(groups.get(group) ?? []), name]);
  });
  const shuffled = [...groups.values()]
    .map((group) => ({ group, place: random.uniform() }))
    .sort((a, b) => a.place - b.place);
  const wanted = Math.max(1, Math.round(names.length * share));
  const [train, validation]: [string[], string[]] = [[], []];
  for (const { group } of shuffled) {
    const fits = validation.length + group.length <= wanted;
    (fits ? validation : train).push(...group);
  }
  return { train: train.sort(), validation: validation.sort() };
}

/** How far a figure could lie off: it is computed anew on clusters drawn with replacement (Efron, 1979). */
import { quantile } from './quantile.ts';
import type { Random } from './random.ts';
import type { Interval } from './wilson-interval.ts';

/** Two-sided 95 %. */
const TAIL = 0.025;

/**
 * @param clusters of each member a number; members of one cluster resemble one another and are drawn together
 * @param figure of the members at these places, which may repeat; NaN counts for nothing
 */
export function clusterBootstrap(
  random: Random,
  clusters: readonly number[],
  figure: (members: readonly number[]) => number,
  draws = 400,
): Interval {
  const members = new Map<number, number[]>();
  clusters.forEach((cluster, member) => members.set(cluster, [...(members.get(cluster) ?? []), member]));
  const all = [...members.values()];
  const figures: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const drawn = all.flatMap(() => all[Math.floor(random.uniform() * all.length)]!);
    const value = figure(drawn);
    if (!Number.isNaN(value)) figures.push(value);
  }
  return { lower: quantile(figures, TAIL), upper: quantile(figures, 1 - TAIL) };
}

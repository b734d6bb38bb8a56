/** Short circuits elsewhere in the network whose current passes through a line for an instant. */
import type { Random } from '../../core/statistics/random.ts';

const HOURS_PER_YEAR = 8766;
/** Part by which a fault makes a failing joint grow: Pareto, for faults are near or far. */
const BLOW = { least: 0.05, shape: 1.2, most: 1 };

/**
 * They come at random and not with the weather, though lightning would bring more of them: so the weather can be
 * swapped under the same faults.
 *
 * @returns by which part a failing joint grows at the next step; 0 where no fault passes
 */
export function createThroughFaults(random: Random, perYear: number, stepHours: number): () => number {
  const chance = (perYear * stepHours) / HOURS_PER_YEAR;
  return () => {
    if (random.uniform() >= chance) return 0;
    return Math.min(BLOW.most, BLOW.least * (1 - random.uniform()) ** (-1 / BLOW.shape));
  };
}

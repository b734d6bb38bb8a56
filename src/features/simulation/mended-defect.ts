/** A defect together with the day on which a crew mends it. */
import type { SimulatedDefect } from './defects.ts';

export interface MendedDefect {
  readonly defect: SimulatedDefect;
  /** Infinity where nobody ever does. */
  readonly repairedMs: number;
}

export function isBroken({ defect, repairedMs }: MendedDefect, atMs: number): boolean {
  return atMs >= defect.onsetAt.getTime() && atMs < repairedMs;
}

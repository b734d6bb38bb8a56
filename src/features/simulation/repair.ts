/** When a crew mends what a drone rightly found: on some day after, at a fixed hour. */
import type { Random } from '../../core/statistics/random.ts';
import type { SimulatedGrid } from './grid.ts';

export interface Repair {
  readonly atMs: number;
  /** Number of the repair hour, 0 on the first day. */
  readonly hour: number;
}

const DAY_MS = 86_400_000;
/** After the start of each day of the simulation: mid-morning on the plains where its lines stand. */
const CREW_MS = 16 * 3_600_000;
/** Spread of the logarithm of the time that it takes. */
const SPREAD = 0.5;

export function isRepairHour(grid: SimulatedGrid, atMs: number): boolean {
  return (atMs - grid.startAt.getTime()) % DAY_MS === CREW_MS;
}

/** @returns undefined where nothing is ever mended, or not before the simulation ends */
export function chooseRepair(grid: SimulatedGrid, foundAt: Date, random: Random): Repair | undefined {
  const { repairDays } = grid.profile;
  if (repairDays === 0) return undefined;
  const waitMs = repairDays * Math.exp(SPREAD * random.normal()) * DAY_MS;
  const startMs = grid.startAt.getTime();
  const hour = Math.ceil((foundAt.getTime() + waitMs - startMs - CREW_MS) / DAY_MS);
  const atMs = startMs + hour * DAY_MS + CREW_MS;
  return atMs < grid.endAt.getTime() ? { atMs, hour } : undefined;
}

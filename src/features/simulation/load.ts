/** Current of a line, step by step: people's days and weeks, noise, and switching in the network around. */
import { solarHour } from '../../core/physics/solar-position.ts';
import type { Random } from '../../core/statistics/random.ts';
import { createMeanReverting } from './mean-reverting.ts';
import { createSpells } from './spells.ts';

const MEAN_AMPERE = 500;
/** A line in service never quite runs empty, and its protection trips above the upper bound. */
const AMPERE_BOUNDS = { lowest: 80, highest: 900 };
const DAY_MS = 86_400_000;

/** Part of the mean: low at night, a morning hump, a higher evening hump. */
function dayShape(hour: number): number {
  const hump = (centre: number, width: number) => Math.exp(-(((hour - centre) / width) ** 2));
  return 0.66 + 0.38 * hump(9.5, 3.2) + 0.5 * hump(18.5, 3.4) + 0.22 * hump(14, 3);
}

function isWeekend(atMs: number, longitudeDeg: number): boolean {
  const localDay = new Date(atMs + (longitudeDeg / 360) * DAY_MS).getUTCDay();
  return localDay === 0 || localDay === 6;
}

/** @returns the line's current at the next step; call it once a step, in order */
export function createLoad(
  random: Random,
  longitudeDeg: number,
  stepHours: number,
): (atMs: number) => number {
  const noise = (name: string, deviation: number, memoryHours: number) =>
    createMeanReverting(random.fork(name), { deviation, memoryHours }, stepHours);
  const lineFactor = Math.exp(0.12 * random.fork('size').normal());
  const market = noise('market', 0.1, 30);
  const quick = noise('quick', 0.035, 0.5);
  // A neighbouring line out of service pushes its current here; a new one takes current away.
  const switchings = createSpells(random.fork('switching'), { everyHours: 200, lengthHours: 14 }, stepHours);
  return (atMs) => {
    const switching = switchings();
    const switched = switching
      ? switching.strength < 0.5
        ? 0.5 + 0.5 * switching.strength
        : 0.95 + 0.5 * switching.strength
      : 1;
    const week = isWeekend(atMs, longitudeDeg) ? 0.8 : 1.05;
    const people = dayShape(solarHour(atMs, longitudeDeg)) * week;
    const ampere = MEAN_AMPERE * lineFactor * people * switched * (1 + market() + quick());
    return Math.min(AMPERE_BOUNDS.highest, Math.max(AMPERE_BOUNDS.lowest, ampere));
  };
}

/** Two made-up power lines with their sensors, and what is secretly going to break on them. */
import { BadInput } from '../../core/domain/failure.ts';
import { createRandom } from '../../core/statistics/random.ts';
import { planDefects } from './defects.ts';
import type { JointDefect, SimulatedDefect } from './defects.ts';
import { layLine } from './line.ts';
import type { SimulatedLine, SimulatedTower } from './line.ts';
import { fieldProfile, MOST_FLIGHTS_PER_YEAR, storyProfile } from './profile.ts';
import type { SimulationProfile } from './profile.ts';

export interface GridOptions {
  readonly lines: number;
  readonly towersPerLine: number;
  /** Total of impedance sensors where the last line is to be shorter than the others. */
  readonly sensors?: number;
  readonly seed: number;
  readonly startAt: Date;
  /** Days of history. */
  readonly days: number;
  /** Days that follow the history and are played live; the history is the same whatever their number. */
  readonly liveDays: number;
  /** When, after the end of the history, the live joint begins to fail. */
  readonly liveOnsetHours?: number;
  /** The demo's where left out. */
  readonly profile?: SimulationProfile;
  /** The same grid, instruments and defects under the weather of another seed. */
  readonly weatherSeed?: number;
}

export interface SimulatedGrid {
  readonly seed: number;
  /** That of the grid, unless its weather was swapped. */
  readonly weatherSeed: number;
  readonly profile: SimulationProfile;
  readonly startAt: Date;
  readonly historyEndAt: Date;
  readonly endAt: Date;
  readonly stepMinutes: number;
  readonly lines: readonly SimulatedLine[];
  /** Those of the history, in order of onset. */
  readonly defects: readonly SimulatedDefect[];
  /** Sound all through the history, seen clean in its line's last flight, begins to fail in the live days. */
  readonly liveTower: SimulatedTower;
  /** The failure of the live tower; absent where there are no live days. */
  readonly liveDefect: JointDefect | undefined;
}

const STEP_MINUTES = 10;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LIVE_ONSET_HOURS = 24;

/** @example simulateGrid({ lines: 2, towersPerLine: 12, seed: 1, startAt, days: 120, liveDays: 14 }) */
export function simulateGrid(options: GridOptions): SimulatedGrid {
  checkCount('lines', options.lines, 1, 1000);
  checkCount('towersPerLine', options.towersPerLine, 1, 99);
  checkCount('days', options.days, 1, 3660);
  checkCount('liveDays', options.liveDays, 0, 3660);
  const sensors = options.sensors ?? options.lines * options.towersPerLine;
  checkCount('sensors', sensors, options.lines, options.lines * options.towersPerLine);

  const profile = options.profile ?? storyProfile;
  checkNumber('defectShare', profile.defectShare, 0, 1);
  checkNumber('flightsPerYear', profile.flightsPerYear, 0, MOST_FLIGHTS_PER_YEAR);
  checkNumber('repairDays', profile.repairDays, 0, 3660);

  const random = createRandom(options.seed).fork('grid');
  const lines: SimulatedLine[] = [];
  let towersLeft = sensors;
  for (let index = 0; index < options.lines; index++) {
    // Every line gets a tower.
    const linesAfter = options.lines - index - 1;
    const towers = Math.min(options.towersPerLine, towersLeft - linesAfter);
    lines.push(layLine(index, towers, options.seed));
    towersLeft -= towers;
  }
  const startMs = options.startAt.getTime();
  const historyEndMs = startMs + options.days * DAY_MS;
  const plan = planDefects({
    profile,
    lines,
    random: random.fork('defects'),
    startMs,
    days: options.days,
    liveOnsetMs: historyEndMs + (options.liveOnsetHours ?? LIVE_ONSET_HOURS) * HOUR_MS,
  });
  return Object.freeze({
    seed: options.seed,
    weatherSeed: options.weatherSeed ?? options.seed,
    profile,
    startAt: options.startAt,
    historyEndAt: new Date(historyEndMs),
    endAt: new Date(historyEndMs + options.liveDays * DAY_MS),
    stepMinutes: STEP_MINUTES,
    lines: Object.freeze(lines),
    defects: Object.freeze(plan.defects),
    liveTower: plan.liveTower,
    liveDefect: options.liveDays > 0 ? plan.liveDefect : undefined,
  });
}

/** Where data sets begin that need no particular time: late winter, so that the history crosses seasons. */
export const DATA_SET_START = new Date('2025-03-01T00:00:00.000Z');
const TOWERS_PER_LINE = 12;

/** A history of so many sensors, twelve to a line, without live days, and with what utilities see of it. */
export function gridOfSensors(size: {
  readonly sensors: number;
  readonly days: number;
  readonly seed: number;
  readonly weatherSeed?: number;
  readonly profile?: SimulationProfile;
}): SimulatedGrid {
  return simulateGrid({
    profile: fieldProfile,
    ...size,
    lines: Math.ceil(size.sensors / TOWERS_PER_LINE),
    towersPerLine: TOWERS_PER_LINE,
    startAt: DATA_SET_START,
    liveDays: 0,
  });
}

/** Every failure of the grid, whether in the history or live. */
export function allDefects(grid: SimulatedGrid): SimulatedDefect[] {
  return grid.liveDefect ? [...grid.defects, grid.liveDefect] : [...grid.defects];
}

function checkNumber(name: string, value: number, lowest: number, highest: number): void {
  if (value >= lowest && value <= highest) return;
  throw new BadInput(
    'simulation-number-out-of-range',
    `${name} is ${value}, but must be a number from ${lowest} to ${highest}.`,
    { name, value },
  );
}

function checkCount(name: string, value: number, lowest: number, highest: number): void {
  if (Number.isInteger(value) && value >= lowest && value <= highest) return;
  throw new BadInput(
    'simulation-number-out-of-range',
    `${name} is ${value}, but must be a whole number from ${lowest} to ${highest}.`,
    { name, value },
  );
}

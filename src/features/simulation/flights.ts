/** Drone missions over the history: which towers of a line are visited, when, and what can be seen there. */
import { solarHour } from '../../core/physics/solar-position.ts';
import type { Random } from '../../core/statistics/random.ts';
import { FLYING_HOURS } from './flight-windows.ts';
import type { FairDay } from './flight-windows.ts';
import type { SimulatedGrid } from './grid.ts';
import type { SimulatedLine, SimulatedTower } from './line.ts';
import type { DefectKind } from './profile.ts';
import { moveMetre } from './route.ts';
import type { Weather } from './weather.ts';

export interface SimulatedFlight {
  readonly flightId: string;
  readonly lineId: string;
  readonly startedAt: Date;
  /** When it started. */
  readonly weather: Weather;
}

/** One look at one tower: what a photograph of it shows, whatever a detector makes of it. */
export interface SimulatedLook {
  readonly flightId: string;
  readonly lineId: string;
  readonly towerId: string;
  readonly sensorId: string;
  readonly takenAt: Date;
  /** Where the drone stands, 10 to 20 m off the tower. */
  readonly latitudeDeg: number;
  readonly longitudeDeg: number;
  readonly insulatorDefect: boolean;
  /** Hot or burnt enough to be seen, which is some time after the joint began to fail. */
  readonly jointDefect: boolean;
  readonly strandDefect: boolean;
  /** For drawing the photograph. */
  readonly seed: number;
}

/** Those who wait for drones. */
export interface FlightCrew {
  /** What is there to be seen on a tower at a time, if anything. */
  visible(tower: SimulatedTower, atMs: number): DefectKind | undefined;
  /** Told of each look at once, as what comes of it may change what later ones see. */
  looked(look: SimulatedLook): void;
}

/** Of 12 towers a flight visits 8 to 10; bad light, cattle and batteries take the rest. */
const VISITED_SHARE = { lowest: 8 / 12, highest: 10 / 12 };
const MINUTES_PER_TOWER = 4;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/**
 * @param days on which the line is flown over, in order
 * @param random of this line's flights alone
 */
export function flyLine(
  grid: SimulatedGrid,
  line: SimulatedLine,
  days: readonly FairDay[],
  crew: FlightCrew,
  random: Random,
): { flights: SimulatedFlight[]; looks: SimulatedLook[] } {
  const flights: SimulatedFlight[] = [];
  const looks: SimulatedLook[] = [];
  let skipped: readonly SimulatedTower[] = [];
  for (const [flight, day] of days.entries()) {
    const isLast = flight === days.length - 1;
    // Who was left out last time comes first; the live tower must be seen sound before it fails.
    const wanted = new Set(skipped);
    if (isLast && grid.profile.evenRounds && line.lineId === grid.liveTower.lineId)
      wanted.add(grid.liveTower);
    const visited = chooseTowers(line, wanted, random);
    skipped = line.towers.filter((tower) => !visited.includes(tower));
    const flightId = `${line.lineId}-F${String(flight + 1).padStart(2, '0')}`;
    const startMs = flightStartMs(grid, line, day.day, random);
    flights.push({
      flightId,
      lineId: line.lineId,
      startedAt: new Date(startMs),
      weather: weatherAt(day, startMs),
    });
    for (const [position, tower] of visited.entries()) {
      const takenMs = startMs + position * MINUTES_PER_TOWER * 60_000;
      const taken = look(flightId, tower, takenMs, crew.visible(tower, takenMs), random);
      looks.push(taken);
      crew.looked(taken);
    }
  }
  return { flights, looks };
}

function weatherAt({ steps }: FairDay, atMs: number): Weather {
  return (steps.findLast((step) => step.atMs <= atMs) ?? steps[0]!).weather;
}

function flightStartMs(grid: SimulatedGrid, line: SimulatedLine, day: number, random: Random): number {
  const dayMs = grid.startAt.getTime() + day * DAY_MS;
  const hourThen = solarHour(dayMs, line.towers[0]!.longitudeDeg);
  const hoursToFlyingTime = (FLYING_HOURS.from - hourThen + 24) % 24;
  // To the second: cameras tell no more.
  return Math.round((dayMs + (hoursToFlyingTime + 2 * random.uniform()) * HOUR_MS) / 1000) * 1000;
}

function chooseTowers(
  line: SimulatedLine,
  wanted: ReadonlySet<SimulatedTower>,
  random: Random,
): SimulatedTower[] {
  const { lowest, highest } = VISITED_SHARE;
  const share = lowest + (highest - lowest) * random.uniform();
  const count = Math.max(1, wanted.size, Math.round(share * line.towers.length));
  const ranked = line.towers.map((tower) => ({ tower, rank: wanted.has(tower) ? -1 : random.uniform() }));
  ranked.sort((left, right) => left.rank - right.rank);
  const chosen = new Set(ranked.slice(0, count).map(({ tower }) => tower));
  return line.towers.filter((tower) => chosen.has(tower));
}

function look(
  flightId: string,
  tower: SimulatedTower,
  takenMs: number,
  kind: DefectKind | undefined,
  random: Random,
): SimulatedLook {
  const stand = moveMetre(tower, 360 * random.uniform(), 10 + 10 * random.uniform());
  return Object.freeze({
    flightId,
    lineId: tower.lineId,
    towerId: tower.towerId,
    sensorId: tower.impedanceSensorId,
    takenAt: new Date(takenMs),
    ...stand,
    insulatorDefect: kind === 'broken_insulator',
    jointDefect: kind === 'failing_joint',
    strandDefect: kind === 'broken_strand',
    seed: Math.floor(random.uniform() * 2 ** 31),
  });
}

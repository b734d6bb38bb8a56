/** Drone missions over the history: which days are fit to fly, which towers are visited, what can be seen there. */
import { moveMetre } from './route.ts';
import { createRandom } from '../../core/statistics/random.ts';
import { solarHour } from '../../core/physics/solar-position.ts';
import type { Random } from '../../core/statistics/random.ts';
import type { SimulatedGrid } from './grid.ts';
import type { SimulatedLine, SimulatedTower } from './line.ts';
import { simulateWorld } from './world.ts';
import type { WorldStep } from './world.ts';

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
  /** Burnt enough to be seen, which is some days after the joint began to fail. */
  readonly jointDefect: boolean;
  /** For drawing the photograph. */
  readonly seed: number;
}

/** Contact resistance from which a joint is discoloured by its own heat. */
export const VISIBLE_JOINT_OHM = 0.5e-3;
const DAYS_BETWEEN_FLIGHTS = 20;
/** The last flight is over this long before the history ends. */
const QUIET_DAYS_AT_END = 2;
/** A flight waits for fair weather among this many days. */
const WEATHER_WINDOW_DAYS = 5;
const FLYING_HOURS = { from: 10, to: 14 };
/** Of 12 towers a flight visits 8 to 10; bad light, cattle and batteries take the rest. */
const VISITED_SHARE = { lowest: 8 / 12, highest: 10 / 12 };
const MINUTES_PER_TOWER = 4;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Flights in the order of time within each line, line by line. */
export function simulateFlights(grid: SimulatedGrid): SimulatedLook[] {
  const { roughness, jointVisibleMs } = watchHistory(grid);
  const random = createRandom(grid.seed).fork('flights');
  return grid.lines.flatMap((line, index) => {
    const ofLine = random.fork(line.lineId);
    const days = flightDays(roughness[index]!);
    let skipped: readonly SimulatedTower[] = [];
    return days.flatMap((day, flight) => {
      const isLast = flight === days.length - 1;
      // Who was left out last time comes first; the live tower must be seen sound before it fails.
      const wanted = new Set(skipped);
      if (isLast && line.lineId === grid.liveTower.lineId) wanted.add(grid.liveTower);
      const visited = chooseTowers(line, wanted, ofLine);
      skipped = line.towers.filter((tower) => !visited.includes(tower));
      const flightId = `${line.lineId}-F${String(flight + 1).padStart(2, '0')}`;
      const startMs = flightStartMs(grid, line, day, ofLine);
      return visited.map((tower, position) =>
        look(grid, flightId, tower, startMs + position * MINUTES_PER_TOWER * 60_000, jointVisibleMs, ofLine),
      );
    });
  });
}

interface WatchedHistory {
  /** Per line and day: how unfit for flying the middle of the day was. */
  readonly roughness: readonly (readonly number[])[];
  /** Per sensor with a failing joint: from when on it can be seen. */
  readonly jointVisibleMs: ReadonlyMap<string, number>;
}

function watchHistory(grid: SimulatedGrid): WatchedHistory {
  const roughness = grid.lines.map((): number[] => []);
  const jointVisibleMs = new Map<string, number>();
  for (const step of simulateWorld(grid, grid.historyEndAt.getTime())) {
    noteWeather(grid, step, roughness);
    for (const { line, towers } of step.lines) {
      for (const [position, tower] of line.towers.entries()) {
        const isVisible = towers[position]!.jointContactOhm >= VISIBLE_JOINT_OHM;
        if (!isVisible || jointVisibleMs.has(tower.impedanceSensorId)) continue;
        jointVisibleMs.set(tower.impedanceSensorId, step.observedAt.getTime());
      }
    }
  }
  return { roughness, jointVisibleMs };
}

/** The strongest wind of the flying hours in m/s; any rain counts as a storm. */
function noteWeather(grid: SimulatedGrid, { observedAt, lines }: WorldStep, roughness: number[][]): void {
  const day = Math.floor((observedAt.getTime() - grid.startAt.getTime()) / DAY_MS);
  for (const [index, { line, weather }] of lines.entries()) {
    const hour = solarHour(observedAt.getTime(), line.towers[0]!.longitudeDeg);
    if (hour < FLYING_HOURS.from || hour > FLYING_HOURS.to) continue;
    const now = weather.windMetrePerSecond + (weather.rainMillimetrePerHour > 0 ? 100 : 0);
    roughness[index]![day] = Math.max(roughness[index]![day] ?? 0, now);
  }
}

/** About one day in twenty, the fairest of the days around; none where the history is too short. */
function flightDays(roughness: readonly number[]): number[] {
  const lastDay = roughness.length - 1 - QUIET_DAYS_AT_END;
  if (lastDay < 0) return [];
  const flights = Math.max(1, Math.round(roughness.length / DAYS_BETWEEN_FLIGHTS));
  return Array.from({ length: flights }, (_, flight) => {
    const latest = Math.round(((flight + 1) * (lastDay + 1)) / flights) - 1;
    let fairest = latest;
    for (let day = Math.max(0, latest - WEATHER_WINDOW_DAYS + 1); day <= latest; day++) {
      if (roughness[day]! < roughness[fairest]!) fairest = day;
    }
    return fairest;
  });
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
  grid: SimulatedGrid,
  flightId: string,
  tower: SimulatedTower,
  takenMs: number,
  jointVisibleMs: ReadonlyMap<string, number>,
  random: Random,
): SimulatedLook {
  const sensorId = tower.impedanceSensorId;
  const stand = moveMetre(tower, 360 * random.uniform(), 10 + 10 * random.uniform());
  const broken = grid.defects.some(
    (defect) =>
      defect.kind === 'broken_insulator' &&
      defect.sensorId === sensorId &&
      defect.onsetAt.getTime() <= takenMs,
  );
  return Object.freeze({
    flightId,
    lineId: tower.lineId,
    towerId: tower.towerId,
    sensorId,
    takenAt: new Date(takenMs),
    ...stand,
    insulatorDefect: broken,
    jointDefect: takenMs >= (jointVisibleMs.get(sensorId) ?? Infinity),
    seed: Math.floor(random.uniform() * 2 ** 31),
  });
}

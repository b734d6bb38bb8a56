/**
 * The true state of the whole grid, step by step. A world has one course only: whoever wants a late slice
 * of it plays it from the start, so slices always fit together.
 */
import { createRandom } from '../../core/statistics/random.ts';
import { allDefects } from './grid.ts';
import type { SimulatedGrid } from './grid.ts';
import type { SimulatedLine } from './line.ts';
import { createLoad } from './load.ts';
import { createTower } from './tower.ts';
import type { TowerState } from './tower.ts';
import { createLineWeather, createRegionalWeather } from './weather.ts';
import type { Weather } from './weather.ts';

export interface LineState {
  readonly line: SimulatedLine;
  readonly weather: Weather;
  readonly loadAmpere: number;
  /** In the order of `line.towers`. */
  readonly towers: readonly TowerState[];
}

export interface WorldStep {
  readonly observedAt: Date;
  /** In the order of `grid.lines`. */
  readonly lines: readonly LineState[];
}

/** @param untilMs exclusive; the grid's end where left out */
export function* simulateWorld(grid: SimulatedGrid, untilMs = grid.endAt.getTime()): Generator<WorldStep> {
  const stepHours = grid.stepMinutes / 60;
  const stepMs = grid.stepMinutes * 60_000;
  const random = createRandom(grid.seed).fork('world');
  const regionalWeather = createRegionalWeather(random.fork('region'), grid.lines[0]!.towers[0]!, stepHours);
  const lines = grid.lines.map((line) => createLine(grid, line, stepHours));
  for (let atMs = grid.startAt.getTime(); atMs < untilMs; atMs += stepMs) {
    const region = regionalWeather(atMs);
    yield { observedAt: new Date(atMs), lines: lines.map((step) => step(atMs, region)) };
  }
}

function createLine(
  grid: SimulatedGrid,
  line: SimulatedLine,
  stepHours: number,
): (atMs: number, region: Weather) => LineState {
  const random = createRandom(grid.seed).fork(`world/${line.lineId}`);
  const lineWeather = createLineWeather(random.fork('weather'), stepHours);
  const load = createLoad(random.fork('load'), line.towers[0]!.longitudeDeg, stepHours);
  const defectOf = new Map(allDefects(grid).map((defect) => [defect.sensorId, defect]));
  const towers = line.towers.map((tower) =>
    createTower(
      tower,
      line.bearingDeg,
      defectOf.get(tower.impedanceSensorId),
      random.fork(tower.towerId),
      stepHours,
    ),
  );
  return (atMs, region) => {
    const weather = lineWeather(region);
    const loadAmpere = load(atMs);
    return { line, weather, loadAmpere, towers: towers.map((tower) => tower(atMs, weather, loadAmpere)) };
  };
}

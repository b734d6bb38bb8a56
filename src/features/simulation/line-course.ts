/**
 * The true state of one line, step by step. It has one course only: whoever wants a late slice of it plays it from the
 * start, so slices always fit together. Lines share nothing but the weather of their region, so that any of them can be
 * played in any process.
 */
import { createRandom } from '../../core/statistics/random.ts';
import { EarthReturnPath } from './earth-return-path.ts';
import { allDefects } from './grid.ts';
import type { SimulatedGrid } from './grid.ts';
import { InsulatorStrings } from './insulator-strings.ts';
import type { SimulatedLine, SimulatedTower } from './line.ts';
import { createLoad } from './load.ts';
import { drawSite } from './site.ts';
import { Spans } from './spans.ts';
import type { SpanPlace } from './spans.ts';
import { createThroughFaults } from './through-faults.ts';
import { createLineWeather, createRegionalWeather } from './weather.ts';
import type { Weather } from './weather.ts';

/** Per sensor whose defect is mended: when, in milliseconds. */
export type Repairs = ReadonlyMap<string, number>;

export const NO_REPAIRS: Repairs = new Map();

/** @returns the weather of the whole grid's region at the next step; call it once a step, in order */
export function createRegion(grid: SimulatedGrid): (atMs: number) => Weather {
  const random = createRandom(grid.weatherSeed).fork('world/region');
  return createRegionalWeather(random, grid.lines[0]!.towers[0]!, grid.stepMinutes / 60);
}

export class LineCourse {
  readonly spans: Spans;
  readonly strings: InsulatorStrings;
  weather!: Weather;
  loadAmpere = 0;
  private readonly nextWeather: (region: Weather) => Weather;
  private readonly nextLoad: (atMs: number) => number;
  private readonly nextFault: () => number;
  private readonly earth: EarthReturnPath | undefined;
  private readonly stepHours: number;

  /** @param towers those of the line that are wanted: the course of a tower does not hang on which others are */
  constructor(
    grid: SimulatedGrid,
    readonly line: SimulatedLine,
    repairs: Repairs,
    towers: readonly SimulatedTower[] = line.towers,
  ) {
    const { profile } = grid;
    this.stepHours = grid.stepMinutes / 60;
    const random = createRandom(grid.seed).fork(`world/${line.lineId}`);
    const ofWeather = createRandom(grid.weatherSeed).fork(`world/${line.lineId}`);
    this.nextWeather = createLineWeather(ofWeather.fork('weather'), this.stepHours);
    this.nextLoad = createLoad(random.fork('load'), line.towers[0]!.longitudeDeg, this.stepHours);
    this.nextFault =
      profile.throughFaultsPerYear > 0
        ? createThroughFaults(random.fork('faults'), profile.throughFaultsPerYear, this.stepHours)
        : () => 0;
    this.earth = profile.earthReturnShare > 0 ? new EarthReturnPath() : undefined;
    const defectOf = new Map(allDefects(grid).map((defect) => [defect.sensorId, defect]));
    const places = towers.map((tower): SpanPlace => {
      const ofTower = random.fork(tower.towerId);
      const residual = ofTower.fork('residual');
      const defect = defectOf.get(tower.impedanceSensorId);
      const repairedMs = repairs.get(tower.impedanceSensorId) ?? Infinity;
      return {
        tower,
        site: drawSite(ofTower),
        defect: defect && { defect, repairedMs },
        residual: [
          profile.earthReturnShare * residual.normal(),
          profile.earthReturnShare * residual.normal(),
        ],
        latent: ofWeather.fork(tower.towerId),
      };
    });
    this.spans = new Spans(places, line.bearingDeg, this.stepHours);
    this.strings = new InsulatorStrings(places, this.stepHours);
  }

  /** Everything: call it once a step, in order. */
  step(atMs: number, region: Weather): void {
    this.stepSpans(atMs, region);
    this.strings.step(atMs, this.weather);
  }

  /** What failing joints hang on, for those who look at nothing else. */
  stepSpans(atMs: number, region: Weather): void {
    this.weather = this.nextWeather(region);
    this.loadAmpere = this.nextLoad(atMs);
    this.earth?.step(this.weather.rainMillimetrePerHour, this.stepHours);
    this.spans.step(atMs, this.weather, this.loadAmpere, this.nextFault(), this.earth);
  }
}

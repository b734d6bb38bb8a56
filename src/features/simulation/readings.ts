/** What all sensors of the grid report, step by step, without ever holding more than one step. */
import type { SimulatedGrid } from './grid.ts';
import { createRegion } from './line-course.ts';
import { LineReadings } from './line-readings.ts';
import { repairsOf, surveyLines } from './survey.ts';
import type { WeatherQuantities } from './weather-station.ts';

/** A quantity that was not measured is null. */
export interface ImpedanceQuantities {
  readonly resistanceOhm: number | null;
  readonly reactanceOhm: number | null;
  readonly leakageMilliampere: number | null;
  readonly loadAmpere: number | null;
}

interface ReadingPlace {
  readonly lineId: string;
  readonly towerId: string;
  readonly sensorId: string;
  /** By the sensor's own clock. */
  readonly observedAt: Date;
}

export type ImpedanceReading = ReadingPlace & ImpedanceQuantities;
export type WeatherReading = ReadingPlace & WeatherQuantities;

export interface ReadingStep {
  /** The true time. */
  readonly observedAt: Date;
  /** One a line, in the order of the lines. */
  readonly weather: readonly WeatherReading[];
  /** One a tower, line by line. A sensor that was silent is there with all quantities null. */
  readonly impedance: readonly ImpedanceReading[];
}

/**
 * Readings from `from` (inclusive) to `to` (exclusive); history and live days where left out. Slices continue
 * one another exactly, because each is cut out of the one course of the world.
 *
 * @example for (const step of simulateReadings(grid, { from: grid.historyEndAt })) await publish(step);
 */
export function* simulateReadings(
  grid: SimulatedGrid,
  { from = grid.startAt, to = grid.endAt }: { readonly from?: Date; readonly to?: Date } = {},
): Generator<ReadingStep> {
  const repairs = repairsOf(grid.profile.repairDays > 0 ? surveyLines(grid, grid.lines) : []);
  const region = createRegion(grid);
  const lines = grid.lines.map((line) => new LineReadings(grid, line, repairs));
  const stepMs = grid.stepMinutes * 60_000;
  for (let atMs = grid.startAt.getTime(); atMs < to.getTime(); atMs += stepMs) {
    const regional = region(atMs);
    for (const line of lines) line.step(atMs, regional);
    if (atMs < from.getTime()) continue;
    const observedAt = new Date(atMs);
    yield {
      observedAt,
      weather: lines.map((line) => weatherReading(line, observedAt)),
      impedance: lines.flatMap((line) => impedanceReadings(line, observedAt)),
    };
  }
}

function weatherReading({ line, weather }: LineReadings, observedAt: Date): WeatherReading {
  const { lineId, towers, weatherSensorId } = line;
  return { lineId, towerId: towers[0]!.towerId, sensorId: weatherSensorId, observedAt, ...weather };
}

function impedanceReadings({ line, impedance }: LineReadings, observedAt: Date): ImpedanceReading[] {
  return line.towers.map((tower, index) => ({
    lineId: line.lineId,
    towerId: tower.towerId,
    sensorId: tower.impedanceSensorId,
    observedAt: new Date(impedance.observedMs(index, observedAt.getTime())),
    resistanceOhm: orNull(impedance.resistanceOhm[index]!),
    reactanceOhm: orNull(impedance.reactanceOhm[index]!),
    leakageMilliampere: orNull(impedance.leakageMilliampere[index]!),
    loadAmpere: orNull(impedance.loadAmpere[index]!),
  }));
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

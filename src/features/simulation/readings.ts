/** What all sensors of the grid report, step by step, without ever holding more than one step. */
import { createRandom } from '../../core/statistics/random.ts';
import type { SimulatedGrid } from './grid.ts';
import { createImpedanceInstrument, createWeatherInstrument } from './instrument.ts';
import type { ImpedanceQuantities, WeatherQuantities } from './instrument.ts';
import { simulateWorld } from './world.ts';

interface ReadingPlace {
  readonly lineId: string;
  readonly towerId: string;
  readonly sensorId: string;
  readonly observedAt: Date;
}

export type ImpedanceReading = ReadingPlace & ImpedanceQuantities;
export type WeatherReading = ReadingPlace & WeatherQuantities;

export interface ReadingStep {
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
  const stepHours = grid.stepMinutes / 60;
  const random = createRandom(grid.seed).fork('instruments');
  const instruments = grid.lines.map((line) => ({
    weather: createWeatherInstrument(random.fork(line.weatherSensorId), stepHours),
    impedance: line.towers.map((tower) =>
      createImpedanceInstrument(random.fork(tower.impedanceSensorId), stepHours),
    ),
  }));
  for (const { observedAt, lines } of simulateWorld(grid, to.getTime())) {
    const weather: WeatherReading[] = [];
    const impedance: ImpedanceReading[] = [];
    for (const [index, state] of lines.entries()) {
      const { line } = state;
      const instrument = instruments[index]!;
      weather.push({
        lineId: line.lineId,
        towerId: line.towers[0]!.towerId,
        sensorId: line.weatherSensorId,
        observedAt,
        ...instrument.weather(state.weather),
      });
      for (const [position, tower] of line.towers.entries()) {
        impedance.push({
          lineId: line.lineId,
          towerId: tower.towerId,
          sensorId: tower.impedanceSensorId,
          observedAt,
          ...instrument.impedance[position]!(state.towers[position]!, state.loadAmpere),
        });
      }
    }
    if (observedAt >= from) yield { observedAt, weather, impedance };
  }
}

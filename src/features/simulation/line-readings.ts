/** One line as its sensors report it, step by step. */
import { createRandom } from '../../core/statistics/random.ts';
import type { SimulatedGrid } from './grid.ts';
import { ImpedanceInstruments } from './impedance-instruments.ts';
import { LineCourse } from './line-course.ts';
import type { Repairs } from './line-course.ts';
import type { SimulatedLine } from './line.ts';
import type { Weather } from './weather.ts';
import { createWeatherStation } from './weather-station.ts';
import type { WeatherQuantities } from './weather-station.ts';

export class LineReadings {
  readonly course: LineCourse;
  readonly impedance: ImpedanceInstruments;
  weather!: WeatherQuantities;
  private readonly station: (truth: Weather) => WeatherQuantities;

  constructor(
    grid: SimulatedGrid,
    readonly line: SimulatedLine,
    repairs: Repairs,
  ) {
    const stepHours = grid.stepMinutes / 60;
    const random = createRandom(grid.seed).fork('instruments');
    this.course = new LineCourse(grid, line, repairs);
    this.station = createWeatherStation(random.fork(line.weatherSensorId), stepHours);
    this.impedance = new ImpedanceInstruments(
      line.towers.map((tower) => random.fork(tower.impedanceSensorId)),
      grid.profile,
      stepHours,
    );
  }

  /** Call it once a step, in order. */
  step(atMs: number, region: Weather): void {
    this.course.step(atMs, region);
    this.weather = this.station(this.course.weather);
    this.impedance.step(this.course);
  }
}

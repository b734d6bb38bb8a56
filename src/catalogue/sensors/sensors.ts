/** Every sensor kind of the platform: to add one, make its folder and migration and add its line here. */
import { impedance } from './impedance/impedance.ts';
import type { SensorKind } from './sensor.ts';
import { weather } from './weather/weather.ts';

export const sensors: readonly SensorKind[] = [impedance, weather];

export function findSensorKind(kind: string): SensorKind | undefined {
  return sensors.find((sensor) => sensor.kind === kind);
}

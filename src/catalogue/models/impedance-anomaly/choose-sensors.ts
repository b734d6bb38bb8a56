/** A part of the fleet that says enough of all of it. */
import type { SensorSeries } from './sensor-series.ts';

/** @returns whole sensors, evenly chosen, with about so many readings in all; at least one */
export function chooseSensors(all: readonly SensorSeries[], mostReadings: number): SensorSeries[] {
  const readings = all.reduce((sum, { observedAt }) => sum + observedAt.length, 0);
  const every = Math.max(1, Math.floor(readings / mostReadings));
  return all.filter((_, at) => at % every === 0);
}

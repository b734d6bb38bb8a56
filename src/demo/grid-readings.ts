/** The simulated grid in the words of ingest: assets and readings. */
import type { Asset } from '../core/domain/asset.ts';
import type { Reading } from '../core/domain/reading.ts';
import type { SimulatedGrid } from '../features/simulation/grid.ts';
import type { ReadingStep } from '../features/simulation/readings.ts';

export function assetsOf(grid: SimulatedGrid): Asset[] {
  return grid.lines.flatMap((line) =>
    line.towers.flatMap((tower, index): Asset[] => {
      const { lineId, towerId, latitudeDeg, longitudeDeg } = tower;
      const place = { lineId, towerId, latitudeDeg, longitudeDeg };
      const impedance = { ...place, sensorId: tower.impedanceSensorId, kind: 'impedance' };
      const weather = { ...place, sensorId: line.weatherSensorId, kind: 'weather' };
      return index === 0 ? [impedance, weather] : [impedance];
    }),
  );
}

/** A silent sensor sends nothing, so a step without any quantity is left out. */
export function* readingsOfStep({ impedance, weather }: ReadingStep): Generator<Reading> {
  for (const { lineId: _line, towerId: _tower, sensorId, observedAt, ...values } of weather) {
    if (isHeard(values)) yield { sensorId, kind: 'weather', observedAt, values };
  }
  for (const { lineId: _line, towerId: _tower, sensorId, observedAt, ...values } of impedance) {
    if (isHeard(values)) yield { sensorId, kind: 'impedance', observedAt, values };
  }
}

function isHeard(values: Readonly<Record<string, number | null>>): boolean {
  return Object.values(values).some((value) => value !== null);
}

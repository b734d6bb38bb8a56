/** One made-up line: its towers, the sensors on them, and their names. */
import { createRandom } from '../../core/statistics/random.ts';
import { layRoute } from './route.ts';

export interface SimulatedTower {
  readonly lineId: string;
  /** Numbered from 1 on every line: `T01`. */
  readonly towerId: string;
  readonly latitudeDeg: number;
  readonly longitudeDeg: number;
  /** Length of the span that the tower's sensor measures. */
  readonly spanMetre: number;
  readonly impedanceSensorId: string;
}

export interface SimulatedLine {
  readonly lineId: string;
  readonly name: string;
  /** Direction in which the line runs, clockwise from north. */
  readonly bearingDeg: number;
  /** Stands on the first tower. */
  readonly weatherSensorId: string;
  readonly towers: readonly SimulatedTower[];
}

/** @param index 0 for the first line of the grid */
export function layLine(index: number, towerCount: number, seed: number): SimulatedLine {
  const lineId = `L${String(index + 1).padStart(2, '0')}`;
  const route = layRoute(index, towerCount, createRandom(seed).fork(`route/${lineId}`));
  const towers = route.points.map((point, position) => {
    const towerId = `T${String(position + 1).padStart(2, '0')}`;
    return Object.freeze({ lineId, towerId, ...point, impedanceSensorId: `${lineId}-${towerId}-Z` });
  });
  return Object.freeze({
    lineId,
    name: `Line ${index + 1}`,
    bearingDeg: route.bearingDeg,
    weatherSensorId: `${lineId}-T01-W`,
    towers: Object.freeze(towers),
  });
}

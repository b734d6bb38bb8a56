/** All that drones look at over a grid's history. */
import type { SimulatedLook } from './flights.ts';
import type { SimulatedGrid } from './grid.ts';
import { surveyLines } from './survey.ts';

/** In the order of time within each line, line by line. */
export function simulateFlights(grid: SimulatedGrid): SimulatedLook[] {
  return surveyLines(grid, grid.lines).flatMap(({ looks }) => looks);
}

import { describe, expect, it } from 'vitest';
import type { SimulatedLook } from './flights.ts';
import { gridOfSensors } from './grid.ts';
import { inspectLooks } from './inspections.ts';

const grid = gridOfSensors({ sensors: 2, days: 5, seed: 1 });
const COUNT = 20_000;

function looksThat(shown: Partial<SimulatedLook>): SimulatedLook[] {
  return Array.from({ length: COUNT }, (_, index) => ({
    flightId: `L01-F${index}`,
    lineId: 'L01',
    towerId: 'T01',
    sensorId: 'L01-T01-Z',
    takenAt: grid.startAt,
    latitudeDeg: 0,
    longitudeDeg: 0,
    insulatorDefect: false,
    jointDefect: false,
    seed: index,
    ...shown,
  }));
}
const reported = (shown: Partial<SimulatedLook>) =>
  inspectLooks(grid, looksThat(shown)).filter(({ finding }) => finding === 'defect');
/** Four standard errors of a share. */
const within = (share: number) => 4 * Math.sqrt((share * (1 - share)) / COUNT);

describe('inspectLooks', () => {
  it('reports 95 % of the defects, by their kind', () => {
    const joints = reported({ jointDefect: true });
    expect(Math.abs(joints.length / COUNT - 0.95)).toBeLessThan(within(0.95));
    expect(new Set(joints.map(({ kind }) => kind))).toEqual(new Set(['failing_joint']));
    expect(new Set(reported({ insulatorDefect: true }).map(({ kind }) => kind))).toEqual(
      new Set(['broken_insulator']),
    );
  });

  it('reports a defect in 1 % of the clean looks', () => {
    expect(Math.abs(reported({}).length / COUNT - 0.01)).toBeLessThan(within(0.01));
  });

  it('says by the probability what it finds', () => {
    for (const { finding, probability, kind } of inspectLooks(grid, looksThat({}))) {
      expect(probability > 0.5).toBe(finding === 'defect');
      expect(kind === '').toBe(finding === 'clean');
    }
  });
});

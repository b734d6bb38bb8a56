import { describe, expect, it } from 'vitest';
import { drake } from '../../core/physics/conductor.ts';
import { jointRatio, SOUND_JOINT_RATIO } from '../../core/physics/joint-ratio.ts';
import { BadInput } from '../../core/domain/failure.ts';
import { allDefects, gridOfSensors, simulateGrid } from './grid.ts';
import type { GridOptions } from './grid.ts';
import { fieldProfile } from './profile.ts';

const options: GridOptions = {
  lines: 2,
  towersPerLine: 12,
  seed: 1,
  startAt: new Date('2025-03-01T00:00:00Z'),
  days: 120,
  liveDays: 14,
};
const grid = simulateGrid(options);
const DAY_MS = 86_400_000;

type Point = { latitudeDeg: number; longitudeDeg: number };
function distanceMetre(from: Point, to: Point): number {
  const north = (to.latitudeDeg - from.latitudeDeg) * 111_320;
  const east = (to.longitudeDeg - from.longitudeDeg) * 111_320 * Math.cos((from.latitudeDeg * Math.PI) / 180);
  return Math.hypot(north, east);
}

describe('simulateGrid', () => {
  it('is the same for the same seed and another for another', () => {
    expect(simulateGrid(options)).toEqual(grid);
    expect(simulateGrid({ ...options, seed: 2 })).not.toEqual(grid);
  });

  it('gives every tower a sensor whose id fits a topic segment and no other sensor has', () => {
    const ids = grid.lines.flatMap((line) => [
      line.weatherSensorId,
      ...line.towers.map((tower) => tower.impedanceSensorId),
    ]);
    expect(new Set(ids).size).toBe(26);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
  });

  it('sets towers a span apart and lines kilometres apart', () => {
    for (const line of grid.lines) {
      for (const [index, tower] of line.towers.slice(0, -1).entries()) {
        expect(Math.abs(distanceMetre(tower, line.towers[index + 1]!) - tower.spanMetre)).toBeLessThan(1);
        expect(Math.abs(tower.spanMetre - 300)).toBeLessThan(60);
      }
    }
    const [first, second] = grid.lines.map((line) => line.towers);
    const nearest = Math.min(...first!.flatMap((from) => second!.map((to) => distanceMetre(from, to))));
    expect(nearest).toBeGreaterThan(3000);
  });

  it.each([1, 2, 3, 4, 5])('hides 7 defects of both kinds on both lines, one a tower (seed %i)', (seed) => {
    const { defects, startAt } = simulateGrid({ ...options, seed });
    expect(new Set(defects.map((defect) => defect.sensorId)).size).toBe(7);
    for (const kind of ['failing_joint', 'broken_insulator']) {
      const lines = new Set(defects.filter((defect) => defect.kind === kind).map((defect) => defect.lineId));
      expect(lines.size).toBe(2);
    }
    const days = defects.map((defect) => (defect.onsetAt.getTime() - startAt.getTime()) / DAY_MS);
    expect(Math.min(...days)).toBeGreaterThanOrEqual(12);
    expect(Math.max(...days)).toBeLessThanOrEqual(96);
    expect(days).toEqual([...days].sort((left, right) => left - right));
  });

  it('lets one more joint fail live, on a tower that was sound, when it is told to', () => {
    const { liveDefect, liveTower, defects, historyEndAt } = simulateGrid({ ...options, liveOnsetHours: 36 });
    expect(liveDefect?.sensorId).toBe(liveTower.impedanceSensorId);
    expect(liveDefect?.kind).toBe('failing_joint');
    expect(defects.map((defect) => defect.sensorId)).not.toContain(liveDefect?.sensorId);
    expect(liveDefect!.onsetAt.getTime() - historyEndAt.getTime()).toBe(36 * 3_600_000);
  });

  it('has the same history with and without live days', () => {
    const withoutLive = simulateGrid({ ...options, liveDays: 0 });
    expect(withoutLive).toEqual({ ...grid, endAt: grid.historyEndAt, liveDefect: undefined });
    expect(allDefects(grid)).toHaveLength(allDefects(withoutLive).length + 1);
  });

  it.each([
    [{ days: 0 }, 'days is 0, but must be a whole number from 1 to 3660.'],
    [{ lines: 1.5 }, 'lines is 1.5, but must be a whole number from 1 to 1000.'],
    [{ sensors: 25 }, 'sensors is 25, but must be a whole number from 2 to 24.'],
  ])('refuses %o', (wrong, message) => {
    expect(() => simulateGrid({ ...options, ...wrong })).toThrow(message);
    expect(() => simulateGrid({ ...options, ...wrong })).toThrow(BadInput);
  });
});

describe('a grid as utilities know it', () => {
  const field = gridOfSensors({ sensors: 1000, days: 365, seed: 1 });
  const ofKind = (kind: string) => field.defects.filter((defect) => defect.kind === kind);

  it('breaks on a tenth of its towers, in joints, insulators and strands as two to two to one', () => {
    expect(field.defects).toHaveLength(100);
    const shares = { failing_joint: 40, broken_insulator: 40, broken_strand: 20 };
    for (const [kind, count] of Object.entries(shares)) {
      expect(Math.abs(ofKind(kind).length - count)).toBeLessThanOrEqual(2);
    }
  });

  it('breaks 3 to 10 of 26 strands and shorts 1 to 3 of 14 discs', () => {
    for (const defect of field.defects) {
      if (defect.kind === 'broken_strand') {
        expect(defect.damage.brokenStrands).toBeGreaterThanOrEqual(3);
        expect(defect.damage.brokenStrands).toBeLessThanOrEqual(10);
      }
      if (defect.kind === 'broken_insulator') expect([1, 2, 3]).toContain(defect.damage.shortedDiscs);
    }
  });

  it('starts most joints slightly and few heavily', () => {
    const { defects } = gridOfSensors({
      sensors: 1000,
      days: 365,
      seed: 1,
      profile: { ...fieldProfile, defectShare: 0.9, defectKinds: ['failing_joint'] },
    });
    const starts = defects.flatMap((defect) =>
      defect.kind === 'failing_joint' ? jointRatio(drake, defect.joint.initialOhm) - SOUND_JOINT_RATIO : [],
    );
    // Pareto of shape 1.5 from 0.1: a start above x has the chance (0.1 / x)^1.5.
    for (const above of [0.2, 0.5, 1]) {
      const share = (0.1 / above) ** 1.5;
      const observed = starts.filter((start) => start > above).length / starts.length;
      expect(Math.abs(observed - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / starts.length));
    }
  });

  it.each([
    [{ defectShare: 1.1 }, 'defectShare is 1.1, but must be a number from 0 to 1.'],
    [{ flightsPerYear: 74 }, 'flightsPerYear is 74, but must be a number from 0 to 73.'],
    [{ repairDays: -1 }, 'repairDays is -1, but must be a number from 0 to 3660.'],
  ])('refuses %o', (wrong, message) => {
    const profile = { ...fieldProfile, ...wrong };
    expect(() => gridOfSensors({ sensors: 1, days: 1, seed: 1, profile })).toThrow(message);
  });
});

describe('gridOfSensors', () => {
  it.each([
    [1, [1]],
    [12, [12]],
    [25, [12, 12, 1]],
    [40, [12, 12, 12, 4]],
  ])('spreads %i sensors over lines of %o', (sensors, towers) => {
    const { lines } = gridOfSensors({ sensors, days: 1, seed: 1 });
    expect(lines.map((line) => line.towers.length)).toEqual(towers);
  });
});

import { describe, expect, it } from 'vitest';
import type { SimulatedLook } from './flights.ts';
import { simulateGrid } from './grid.ts';
import { simulateFlights } from './simulate-flights.ts';

const DAY_MS = 86_400_000;

describe.each([1, 2, 3, 4])('the flights of the default grid (seed %i)', (seed) => {
  const grid = simulateGrid({
    lines: 2,
    towersPerLine: 12,
    seed,
    startAt: new Date('2025-03-01T00:00:00Z'),
    days: 120,
    liveDays: 14,
  });
  const looks = simulateFlights(grid);
  const flights = new Map<string, SimulatedLook[]>();
  for (const look of looks) flights.set(look.flightId, [...(flights.get(look.flightId) ?? []), look]);
  const towerOf = new Map(
    grid.lines.flatMap((line) => line.towers).map((tower) => [tower.impedanceSensorId, tower]),
  );

  it('are six a line, about 20 days apart, over two days before the history ends', () => {
    for (const line of grid.lines) {
      const days = [...flights.values()]
        .filter(([look]) => look!.lineId === line.lineId)
        .map(([look]) => (look!.takenAt.getTime() - grid.startAt.getTime()) / DAY_MS);
      expect(days).toHaveLength(6);
      for (const [index, day] of days.slice(1).entries())
        expect(Math.abs(day - days[index]! - 20)).toBeLessThan(8);
    }
    const last = Math.max(...looks.map((look) => look.takenAt.getTime()));
    expect(grid.historyEndAt.getTime() - last).toBeGreaterThanOrEqual(2 * DAY_MS);
  });

  it('visit 8 to 10 of 12 towers, one after the other, and leave none out twice running', () => {
    const previous = new Map<string, Set<string>>();
    for (const of of flights.values()) {
      expect(of.length).toBeGreaterThanOrEqual(8);
      expect(of.length).toBeLessThanOrEqual(10);
      const times = of.map((look) => look.takenAt.getTime());
      expect(new Set(times).size).toBe(of.length);
      const { lineId } = of[0]!;
      const visited = new Set(of.map((look) => look.towerId));
      const before = previous.get(lineId);
      for (const tower of grid.lines.find((line) => line.lineId === lineId)!.towers) {
        if (before && !before.has(tower.towerId)) expect(visited).toContain(tower.towerId);
      }
      previous.set(lineId, visited);
    }
  });

  it('look from 10 to 20 m off the tower', () => {
    for (const look of looks) {
      const tower = towerOf.get(look.sensorId)!;
      const north = (look.latitudeDeg - tower.latitudeDeg) * 111_320;
      const east =
        (look.longitudeDeg - tower.longitudeDeg) * 111_320 * Math.cos((tower.latitudeDeg * Math.PI) / 180);
      // Positions are rounded to 0.1 m.
      expect(Math.hypot(north, east)).toBeGreaterThan(9.8);
      expect(Math.hypot(north, east)).toBeLessThan(20.2);
    }
  });

  it('see a defect only after its onset, and a failing joint within ten days of it', () => {
    for (const look of looks) {
      const defect = grid.defects.find(({ sensorId }) => sensorId === look.sensorId);
      const daysSince = defect ? (look.takenAt.getTime() - defect.onsetAt.getTime()) / DAY_MS : -1;
      expect(look.insulatorDefect).toBe(defect?.kind === 'broken_insulator' && daysSince >= 0);
      if (look.jointDefect) expect(defect?.kind).toBe('failing_joint');
      if (look.jointDefect) expect(daysSince).toBeGreaterThan(1);
      if (defect?.kind === 'failing_joint' && daysSince > 10) expect(look.jointDefect).toBe(true);
    }
  });

  it('see at least two towers of each kind of defect, and look at sound ones again and again', () => {
    const seen = (of: (look: SimulatedLook) => boolean) =>
      new Set(looks.filter(of).map((look) => look.sensorId)).size;
    expect(seen((look) => look.jointDefect)).toBeGreaterThanOrEqual(2);
    expect(seen((look) => look.insulatorDefect)).toBeGreaterThanOrEqual(2);
    const healthy = [...towerOf.keys()].filter((id) => !grid.defects.some(({ sensorId }) => sensorId === id));
    for (const id of healthy)
      expect(looks.filter((look) => look.sensorId === id).length).toBeGreaterThanOrEqual(3);
  });

  it('see the live tower sound in the last flight over its line', () => {
    const ofLine = looks.filter((look) => look.lineId === grid.liveTower.lineId);
    const last = ofLine.filter((look) => look.flightId === ofLine.at(-1)!.flightId);
    const look = last.find(({ sensorId }) => sensorId === grid.liveTower.impedanceSensorId);
    expect(look).toMatchObject({ jointDefect: false, insulatorDefect: false });
  });
});

describe('simulateFlights', () => {
  it('finds no day to fly in a history of two days', () => {
    const grid = simulateGrid({
      lines: 1,
      towersPerLine: 2,
      seed: 1,
      startAt: new Date('2025-03-01T00:00:00Z'),
      days: 2,
      liveDays: 0,
    });
    expect(simulateFlights(grid)).toEqual([]);
  });
});

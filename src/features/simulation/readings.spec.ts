import { describe, expect, it } from 'vitest';
import { simulateGrid } from './grid.ts';
import { fieldProfile } from './profile.ts';

import { simulateReadings } from './readings.ts';
import type { ImpedanceQuantities } from './readings.ts';

const DAY_MS = 86_400_000;
const small = simulateGrid({
  lines: 2,
  towersPerLine: 3,
  seed: 5,
  startAt: new Date('2025-03-01T00:00:00Z'),
  days: 6,
  liveDays: 3,
});

describe('simulateReadings', () => {
  const whole = [...simulateReadings(small)];

  it('gives one reading a step of every sensor', () => {
    expect(whole).toHaveLength(9 * 144);
    for (const step of whole) {
      expect(step.weather.map((reading) => reading.sensorId)).toEqual(['L01-T01-W', 'L02-T01-W']);
      expect(step.impedance).toHaveLength(6);
    }
    expect(whole[1]!.observedAt.toISOString()).toBe('2025-03-01T00:10:00.000Z');
  });

  it('is the same for the same seed', () => {
    expect([...simulateReadings(small)]).toEqual(whole);
  });

  it('continues from slice to slice as if it had never been cut', () => {
    const cut = new Date(small.startAt.getTime() + 4 * DAY_MS);
    const slices = [
      ...simulateReadings(small, { to: cut }),
      ...simulateReadings(small, { from: cut, to: small.historyEndAt }),
      ...simulateReadings(small, { from: small.historyEndAt }),
    ];
    expect(slices).toEqual(whole);
  });

  it('has the same history without live days', () => {
    const history = simulateGrid({ ...small, lines: 2, towersPerLine: 3, days: 6, liveDays: 0 });
    expect([...simulateReadings(history)]).toEqual(whole.slice(0, 6 * 144));
  });
});

describe('a grid as utilities know it', () => {
  const field = simulateGrid({
    lines: 2,
    towersPerLine: 4,
    seed: 5,
    startAt: new Date('2025-03-01T00:00:00Z'),
    days: 40,
    liveDays: 5,
    profile: { ...fieldProfile, defectShare: 0.5, flightsPerYear: 60, repairDays: 3 },
  });

  it('continues from slice to slice with clocks, faults, repairs and all', () => {
    const whole = [...simulateReadings(field)];
    const cut = new Date(field.startAt.getTime() + 17 * DAY_MS);
    expect([...simulateReadings(field, { to: cut }), ...simulateReadings(field, { from: cut })]).toEqual(
      whole,
    );
  });

  it('has nothing of a defect in it before its onset', () => {
    const readings = [...simulateReadings(field, { to: field.historyEndAt })];
    const sound = [
      ...simulateReadings({ ...field, defects: [], liveDefect: undefined }, { to: field.historyEndAt }),
    ];
    for (const [position, tower] of field.lines.flatMap((line) => line.towers).entries()) {
      const defect = field.defects.find(({ sensorId }) => sensorId === tower.impedanceSensorId);
      const onsetMs = defect?.onsetAt.getTime() ?? Infinity;
      const before = (steps: typeof readings) =>
        steps
          .filter(({ observedAt }) => observedAt.getTime() < onsetMs)
          .map(({ impedance }) => impedance[position]);
      expect(before(readings)).toEqual(before(sound));
      if (defect)
        expect(readings.map((step) => step.impedance[position])).not.toEqual(
          sound.map((step) => step.impedance[position]),
        );
    }
  });
});

describe('the default grid', () => {
  const grid = simulateGrid({
    lines: 2,
    towersPerLine: 12,
    seed: 1,
    startAt: new Date('2025-03-01T00:00:00Z'),
    days: 120,
    liveDays: 14,
  });
  const sound = { ...grid, defects: [], liveDefect: undefined };
  const measured = bySensor(grid);
  /** The same world and the same instruments, had nothing broken. */
  const withoutDefects = bySensor(sound);

  function bySensor(of: typeof grid): Map<string, ImpedanceQuantities[]> {
    const columns = new Map<string, ImpedanceQuantities[]>();
    for (const { impedance } of simulateReadings(of)) {
      for (const reading of impedance) {
        const column = columns.get(reading.sensorId);
        if (column) column.push(reading);
        else columns.set(reading.sensorId, [reading]);
      }
    }
    return columns;
  }

  const HISTORY_STEPS = 120 * 144;
  const present = (list: readonly (number | null)[]) =>
    list.filter((value) => value !== null).sort((a, b) => a - b);
  const quantile = (sorted: number[], part: number) => sorted[Math.floor(part * (sorted.length - 1))]!;

  it('lets a sound span swing by more than 20 % in its resistance and hardly in its reactance', () => {
    for (const column of withoutDefects.values()) {
      const history = column.slice(0, HISTORY_STEPS);
      const resistance = present(history.map((reading) => reading.resistanceOhm));
      const swing = quantile(resistance, 0.9995) - quantile(resistance, 0.0005);
      expect(swing / quantile(resistance, 0.5)).toBeGreaterThan(0.2);
      const reactance = present(history.map((reading) => reading.reactanceOhm));
      expect(
        (quantile(reactance, 0.9995) - quantile(reactance, 0.0005)) / quantile(reactance, 0.5),
      ).toBeLessThan(0.04);
    }
  });

  it('lets the leakage of a sound string span more than 1.5 decades', () => {
    for (const column of withoutDefects.values()) {
      const leakage = present(column.slice(0, HISTORY_STEPS).map((reading) => reading.leakageMilliampere));
      expect(Math.log10(quantile(leakage, 0.999) / quantile(leakage, 0.001))).toBeGreaterThan(1.5);
    }
  });

  it('loses about half a percent of the readings to silent sensors and single gaps', () => {
    const all = [...measured.values()].flat();
    const missing = all.filter((reading) => reading.resistanceOhm === null).length / all.length;
    expect(missing).toBeGreaterThan(0.002);
    expect(missing).toBeLessThan(0.015);
  });

  it('has sensors that stick to their last values for hours', () => {
    const stuckHours = [...measured.values()].map((column) => {
      let longest = 0;
      let run = 0;
      for (let step = 1; step < column.length; step++) {
        const { loadAmpere, resistanceOhm, reactanceOhm } = column[step]!;
        const before = column[step - 1]!;
        const repeats =
          loadAmpere === before.loadAmpere &&
          resistanceOhm === before.resistanceOhm &&
          reactanceOhm === before.reactanceOhm;
        run = repeats && resistanceOhm !== null ? run + 1 : 0;
        longest = Math.max(longest, run);
      }
      return longest / 6;
    });
    expect(stuckHours.filter((hours) => hours > 2).length).toBeGreaterThanOrEqual(5);
  });

  /** Mean of what a defect makes of a quantity, over that of a sound sensor, in the given days after its onset. */
  function effect(
    sensorId: string,
    onsetAt: Date,
    fromDay: number,
    toDay: number,
    name: keyof ImpedanceQuantities,
  ): number[] {
    const first = Math.round((onsetAt.getTime() - grid.startAt.getTime()) / 600_000);
    const ratios: number[] = [];
    for (let step = first + fromDay * 144; step < first + toDay * 144; step++) {
      const failing = measured.get(sensorId)![step]?.[name];
      const healthy = withoutDefects.get(sensorId)![step]?.[name];
      if (failing && healthy) ratios.push(failing / healthy - 1);
    }
    return ratios.sort((a, b) => a - b);
  }

  const joints = [...grid.defects, grid.liveDefect!].filter((defect) => defect.kind === 'failing_joint');
  const broken = grid.defects.filter((defect) => defect.kind === 'broken_insulator');

  it('raises the resistance of a failing joint over days to 2 to 11 % of the span, and leaves the reactance alone', () => {
    expect(joints).toHaveLength(4);
    for (const { sensorId, onsetAt } of joints) {
      const median = (from: number, to: number, name: keyof ImpedanceQuantities) =>
        quantile(effect(sensorId, onsetAt, from, to, name), 0.5);
      expect(median(0, 1, 'resistanceOhm')).toBeLessThan(0.02);
      expect(median(9, 12, 'resistanceOhm')).toBeGreaterThan(0.02);
      expect(median(9, 12, 'resistanceOhm')).toBeLessThan(0.11);
      expect(Math.abs(median(9, 12, 'reactanceOhm'))).toBeLessThan(0.002);
      expect(Math.abs(median(9, 12, 'leakageMilliampere'))).toBeLessThan(0.002);
    }
  });

  it('raises the leakage of a broken string at once by its shorted discs, and by more where wet', () => {
    expect(broken).toHaveLength(4);
    for (const { sensorId, onsetAt, damage } of broken) {
      const ratios = effect(sensorId, onsetAt, 0, 20, 'leakageMilliampere');
      const dry = 14 / (14 - damage.shortedDiscs) - 1;
      // The quietest tenth of the weather is dry; the milliampere has three decimals, or 0.7 % of 0.14 mA.
      expect(Math.abs(quantile(ratios, 0.1) - dry)).toBeLessThan(0.02);
      expect(quantile(ratios, 0.98)).toBeGreaterThan(dry + 0.15);
      expect(Math.abs(quantile(effect(sensorId, onsetAt, 0, 20, 'resistanceOhm'), 0.5))).toBeLessThan(1e-9);
    }
  });
});

import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Progress } from '../../core/domain/progress.ts';
import { gridOfSensors } from './grid.ts';
import { fieldProfile } from './profile.ts';
import { simulateReadings } from './readings.ts';
import { writeSimulation } from './write-simulation.ts';

const profile = { ...fieldProfile, defectShare: 0.3, flightsPerYear: 60 };
const grid = gridOfSensors({ sensors: 14, days: 6, seed: 1, profile });
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'simulation-'));
});
afterAll(() => rm(root, { recursive: true }));

const linesOf = async (path: string) => (await readFile(path, 'utf8')).trimEnd().split('\n');

describe('writeSimulation', () => {
  it('writes the same bytes for the same seed, now and ever', async () => {
    const outDir = join(root, 'stable');
    await writeSimulation(grid, { outDir, force: false });
    const hashes: Record<string, string> = {};
    for (const name of (await readdir(outDir)).sort()) {
      const hash = createHash('sha256').update(await readFile(join(outDir, name)));
      hashes[name] = hash.digest('hex').slice(0, 16);
    }
    expect(hashes).toEqual({
      'assets.csv': 'a4842040e5f26330',
      'flights.csv': '22526180de8e9165',
      'hidden-state.csv': '4a47b4860268d88d',
      'inspections.csv': '503ad778ab670c4a',
      'telemetry.csv': '7070260b2736f426',
      'truth.csv': '45ec2cc8afe4e733',
      'weather.csv': 'bbced737398af30a',
    });
  });

  it('writes tables that fit together', async () => {
    const outDir = join(root, 'tables');
    const written = await writeSimulation(grid, { outDir, force: false });
    const telemetry = await linesOf(join(outDir, 'telemetry.csv'));
    expect(telemetry[0]).toBe(
      'observed_at,sensor_id,resistance_ohm,reactance_ohm,leakage_milliampere,load_ampere,' +
        'air_celsius,humidity_percent,rain_millimetre_per_hour,wind_metre_per_second,solar_watt_per_square_metre',
    );
    expect(telemetry).toHaveLength(1 + 14 * 6 * 144);
    expect(written.telemetryRows).toBe(14 * 6 * 144);
    const weather = await linesOf(join(outDir, 'weather.csv'));
    expect(weather).toHaveLength(1 + 2 * 6 * 144);
    // A reading carries the weather of its own line's station.
    const stationCells = (line: string) =>
      weather
        .find((row) => row.includes(`,${line}-T01-W,`))!
        .split(',')
        .slice(2);
    for (const line of ['L01', 'L02']) {
      const row = telemetry.find((cells) => cells.includes(`,${line}-T02-Z,`))!;
      expect(row.split(',').slice(6)).toEqual(stationCells(line));
    }
    const assets = await linesOf(join(outDir, 'assets.csv'));
    expect(assets).toHaveLength(1 + 14 + 2);
    const truth = await linesOf(join(outDir, 'truth.csv'));
    expect(truth).toHaveLength(1 + written.defects);
    expect(truth[0]).toBe(
      'sensor_id,kind,onset_at,line_id,tower_id,shorted_discs,joint_limit_ohm,ratio_2_at,peak_joint_ratio,' +
        'strand_count,visible_from_at,repaired_at',
    );
    const inspections = await linesOf(join(outDir, 'inspections.csv'));
    expect(inspections[0]).toBe('inspected_at,sensor_id,finding,probability,kind');
    expect(inspections).toHaveLength(1 + written.looks);
    const flights = await linesOf(join(outDir, 'flights.csv'));
    expect(flights[0]).toBe(
      'flight_id,line_id,started_at,air_celsius,humidity_percent,rain_millimetre_per_hour,' +
        'wind_metre_per_second,solar_watt_per_square_metre',
    );
    expect(flights).toHaveLength(1 + written.flights);
    expect(await linesOf(join(outDir, 'hidden-state.csv'))).toHaveLength(1 + 14 * 6);
  });

  it('stamps readings by the clocks of the sensors, in order and once each, as the anomaly tools want them', async () => {
    const outDir = join(root, 'clocks');
    await writeSimulation(grid, { outDir, force: false });
    const newest = new Map<string, number>();
    let offStep = 0;
    for (const row of (await linesOf(join(outDir, 'telemetry.csv'))).slice(1)) {
      const [observedAt, sensorId] = row.split(',', 2) as [string, string];
      const atMs = Date.parse(observedAt);
      expect(new Date(atMs).toISOString()).toBe(observedAt);
      expect(atMs).toBeGreaterThan(newest.get(sensorId) ?? -Infinity);
      newest.set(sensorId, atMs);
      if (atMs % 600_000 !== 0) offStep++;
    }
    expect(newest.size).toBe(14);
    expect(offStep).toBeGreaterThan(14 * 6 * 144 * 0.5);
  });

  it('writes the readings that simulateReadings gives', async () => {
    const outDir = join(root, 'same');
    await writeSimulation(grid, { outDir, force: false });
    const rows = (await linesOf(join(outDir, 'telemetry.csv'))).slice(1);
    const readings = [...simulateReadings(grid)].flatMap((step) => step.impedance);
    const cell = (value: number | null) => (value === null ? '' : String(value));
    for (const [index, reading] of readings.entries()) {
      const [observedAt, sensorId, resistance, reactance, leakage, load] = rows[index]!.split(',');
      expect([observedAt, sensorId]).toEqual([reading.observedAt.toISOString(), reading.sensorId]);
      const { resistanceOhm, reactanceOhm, leakageMilliampere, loadAmpere } = reading;
      const trimmed = [resistance, reactance, leakage, load].map((text) =>
        text === '' ? '' : String(Number(text)),
      );
      expect(trimmed).toEqual([resistanceOhm, reactanceOhm, leakageMilliampere, loadAmpere].map(cell));
    }
  });

  it('refuses a folder with something in it, unless forced', async () => {
    const outDir = await mkdtemp(join(root, 'full-'));
    await writeFile(join(outDir, 'mine.txt'), 'mine');
    const refused = writeSimulation(grid, { outDir, force: false });
    await expect(refused).rejects.toMatchObject({ kind: 'BadInput', code: 'output-folder-not-empty' });
    await writeSimulation(grid, { outDir, force: true });
    expect(await readdir(outDir)).toContain('telemetry.csv');
    expect(await readFile(join(outDir, 'mine.txt'), 'utf8')).toBe('mine');
  });

  it('writes a photograph of every look, and takes those of an earlier simulation away', async () => {
    const outDir = join(root, 'photographs');
    const renderPhotograph = ({ seed }: { seed: number }) =>
      Promise.resolve({ jpeg: Buffer.from(String(seed)) });
    const written = await writeSimulation(grid, { outDir, force: false, renderPhotograph });
    expect(written.images).toBe(written.looks);
    expect(written.looks).toBeGreaterThan(5);
    await writeFile(join(outDir, 'images', 'L09-F09-T09.jpg'), '');
    await writeSimulation(grid, { outDir, force: true, renderPhotograph });
    expect(await readdir(join(outDir, 'images'))).toHaveLength(written.looks);
  });

  it('tells how far it has come', async () => {
    const seen: Progress[] = [];
    await writeSimulation(grid, { outDir: join(root, 'progress'), force: false }, (progress) =>
      seen.push(progress),
    );
    expect(seen.map(({ done, total }) => done / total)).toEqual([1, 2, 3, 4, 5, 6].map((day) => day / 6));
  });
});

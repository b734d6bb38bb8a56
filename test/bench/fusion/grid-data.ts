/** The grids that the benchmark runs on: simulated into a folder, read back through the doors that users have. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { SensorSeries } from '../../../src/catalogue/models/impedance-anomaly/sensor-series.ts';
import { createRandom } from '../../../src/core/statistics/random.ts';
import { readTruth } from '../../../src/features/anomalies/evaluation/read-truth.ts';
import type { TrueDefect } from '../../../src/features/anomalies/evaluation/true-defect.ts';
import { fieldProfile } from '../../../src/features/simulation/profile.ts';
import { gridOfSensors, type SimulatedGrid } from '../../../src/features/simulation/grid.ts';
import { writeSimulation } from '../../../src/features/simulation/write-simulation.ts';
import { readLooks } from '../../../src/features/training/read-looks.ts';
import { readSites } from '../../../src/platform/csv/read-sites.ts';
import { readSeries } from '../../../src/features/training/read-series.ts';
import type { Training } from './method.ts';

export const CHANNELS = ['resistance_ohm', 'reactance_ohm', 'leakage_milliampere'];
export const RAIN = 'rain_millimetre_per_hour';
export const CONTEXT = [
  'air_celsius',
  'humidity_percent',
  RAIN,
  'wind_metre_per_second',
  'solar_watt_per_square_metre',
  'load_ampere',
];
/** Training ends here, and what is judged begins. */
const TRAINED_PART = 0.6;

export interface GridSize {
  readonly sensors: number;
  readonly days: number;
  /** Of each sensor: steps that are no defect, and that only looks can tell from one. */
  readonly recalibrationsPerYear: number;
}

export interface SplitGrid {
  readonly training: Training;
  /** Whole histories of towers that training has nothing of; judged after `splitAt`. */
  readonly judged: readonly SensorSeries[];
  readonly truth: ReadonlyMap<string, readonly TrueDefect[]>;
  /** Milliseconds since 1970. */
  readonly splitAt: number;
  /** The judged towers with the same defects under other weather; null where the simulator cannot swap it. */
  readonly swapped: Pick<SplitGrid, 'judged' | 'truth'> | null;
}

export interface GridFolders {
  readonly grid: string;
  readonly swapped: string | null;
}

/** More defects and flights than a real line has: a small grid of those would have nothing to judge. */
const PROFILE = { ...fieldProfile, defectShare: 0.3, flightsPerYear: 8 };
/** Far from any seed that somebody would ask for. */
const SWAPPED_WEATHER = 1_000_003;

/** Simulates what is not there yet. */
export async function prepareGrid(folder: string, size: GridSize, seed: number): Promise<GridFolders> {
  const grid = path.join(folder, 'grid');
  const { recalibrationsPerYear, ...extent } = size;
  const profile = { ...PROFILE, recalibrationsPerYear };
  await simulateOnce(grid, gridOfSensors({ ...extent, seed, profile }));
  const otherWeather = { ...extent, seed, profile, weatherSeed: seed + SWAPPED_WEATHER };
  const swapped = gridOfSensors(otherWeather);
  // A simulator that takes no notice of the seed of the weather does not hand it on either.
  if (!('weatherSeed' in swapped)) return { grid, swapped: null };
  const swappedFolder = path.join(folder, 'grid-under-other-weather');
  await simulateOnce(swappedFolder, swapped);
  return { grid, swapped: swappedFolder };
}

async function simulateOnce(outDir: string, grid: SimulatedGrid): Promise<void> {
  const finished = path.join(outDir, 'finished');
  if (existsSync(finished)) return;
  await writeSimulation(grid, { outDir, force: true });
  await writeFile(finished, '');
}

/** Half of the towers train, up to the split; the other half is judged after it. */
export async function readGrid({ grid, swapped }: GridFolders, seed: number): Promise<SplitGrid> {
  const series = await readTelemetry(grid);
  const truth = await readTruth(path.join(grid, 'truth.csv'));
  const known = new Set(series.map(({ sensorId }) => sensorId));
  const looks = await readLooks(path.join(grid, 'inspections.csv'), known, Infinity);
  const begin = Math.min(...series.map(({ observedAt }) => observedAt[0]!));
  const end = Math.max(...series.map(({ observedAt }) => observedAt.at(-1)!));
  const splitAt = begin + TRAINED_PART * (end - begin);
  const trains = chooseTrainingTowers(series, truth, seed);
  const isJudged = ({ sensorId }: SensorSeries): boolean => !trains.has(sensorId);
  return {
    training: {
      channels: CHANNELS,
      context: CONTEXT,
      series: series.filter((own) => !isJudged(own)).map((own) => upTo(own, splitAt)),
      looks: looks.filter(({ sensorId, inspectedAt }) => trains.has(sensorId) && inspectedAt <= splitAt),
      truth: new Map([...truth].filter(([sensorId]) => trains.has(sensorId))),
      lines: (await readSites(path.join(grid, 'assets.csv'))).sites,
      seed,
    },
    judged: series.filter(isJudged),
    truth,
    splitAt,
    swapped:
      swapped === null
        ? null
        : {
            judged: (await readTelemetry(swapped)).filter(isJudged),
            truth: await readTruth(path.join(swapped, 'truth.csv')),
          },
  };
}

function readTelemetry(folder: string): Promise<SensorSeries[]> {
  return readSeries(path.join(folder, 'telemetry.csv'), CHANNELS, CONTEXT, Infinity, () => {});
}

/** By chance, but with half of the towers that become defective on each side. */
function chooseTrainingTowers(
  series: readonly SensorSeries[],
  truth: ReadonlyMap<string, readonly TrueDefect[]>,
  seed: number,
): Set<string> {
  const random = createRandom(seed).fork('towers');
  const ranked = series.map(({ sensorId }) => ({
    sensorId,
    rank: (truth.has(sensorId) ? 0 : 1) + random.uniform(),
  }));
  ranked.sort((one, other) => one.rank - other.rank);
  return new Set(ranked.filter((_, at) => at % 2 === 0).map(({ sensorId }) => sensorId));
}

function upTo(series: SensorSeries, time: number): SensorSeries {
  const count = series.observedAt.findLastIndex((observedAt) => observedAt <= time) + 1;
  return {
    sensorId: series.sensorId,
    observedAt: series.observedAt.slice(0, count),
    channels: series.channels.map((column) => column.slice(0, count)),
    context: series.context.map((column) => column.slice(0, count)),
  };
}

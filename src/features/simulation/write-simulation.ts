/** Writes a simulated grid as a folder of CSV files, and its photographs where somebody draws them. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BadInput } from '../../core/domain/failure.ts';
import { ignoreProgress } from '../../core/domain/progress.ts';
import type { ProgressListener } from '../../core/domain/progress.ts';
import { createCsvFile } from './csv-file.ts';
import type { CsvCell } from './csv-file.ts';
import { simulateFlights } from './flights.ts';
import type { SimulatedLook } from './flights.ts';
import { allDefects } from './grid.ts';
import type { SimulatedGrid } from './grid.ts';
import { inspectLooks } from './inspections.ts';
import type { WeatherQuantities } from './instrument.ts';
import { simulateReadings } from './readings.ts';

export interface WriteSimulationOptions {
  readonly outDir: string;
  /** Write into a folder that has something in it; files of the same names are replaced. */
  readonly force: boolean;
  /** Draws one look; no images are written without it. */
  readonly renderPhotograph?: (look: SimulatedLook) => Promise<{ readonly jpeg: Uint8Array }>;
}

export interface WrittenSimulation {
  readonly sensors: number;
  readonly telemetryRows: number;
  readonly looks: number;
  readonly defects: number;
  readonly images: number;
}

const WEATHER_COLUMNS = [
  'air_celsius',
  'humidity_percent',
  'rain_millimetre_per_hour',
  'wind_metre_per_second',
  'solar_watt_per_square_metre',
];
const STEPS_PER_PROGRESS = 144;
const PHOTOGRAPH_NAME = /^L\d+-F\d+-T\d+\.jpg$/;

/** @example await writeSimulation(grid, { outDir: 'data/simulated', force: false }) */
export async function writeSimulation(
  grid: SimulatedGrid,
  options: WriteSimulationOptions,
  onProgress: ProgressListener = ignoreProgress,
): Promise<WrittenSimulation> {
  await prepareFolder(options);
  const looks = simulateFlights(grid);
  await writeAssets(grid, options.outDir);
  await writeInspections(grid, looks, options.outDir);
  await writeTruth(grid, options.outDir);
  const telemetryRows = await writeReadings(grid, options.outDir, onProgress);
  const images = options.renderPhotograph
    ? await writeImages(looks, options.outDir, options.renderPhotograph, onProgress)
    : 0;
  return {
    sensors: grid.lines.reduce((sum, line) => sum + line.towers.length, 0),
    telemetryRows,
    looks: looks.length,
    defects: allDefects(grid).length,
    images,
  };
}

async function prepareFolder({ outDir, force }: WriteSimulationOptions): Promise<void> {
  await mkdir(outDir, { recursive: true });
  if (!force && (await readdir(outDir)).length > 0) {
    throw new BadInput(
      'output-folder-not-empty',
      `The folder ${outDir} is not empty: choose another one, or pass --force to write into it.`,
      { outDir },
    );
  }
}

/** Streams both telemetry files in one pass over the grid's course. */
async function writeReadings(
  grid: SimulatedGrid,
  outDir: string,
  onProgress: ProgressListener,
): Promise<number> {
  const telemetry = await createCsvFile(join(outDir, 'telemetry.csv'), [
    'observed_at',
    'sensor_id',
    'resistance_ohm',
    'reactance_ohm',
    'leakage_milliampere',
    'load_ampere',
    ...WEATHER_COLUMNS,
  ]);
  const weatherFile = await createCsvFile(join(outDir, 'weather.csv'), [
    'observed_at',
    'sensor_id',
    ...WEATHER_COLUMNS,
  ]);
  const stepMs = grid.stepMinutes * 60_000;
  const total = Math.ceil((grid.endAt.getTime() - grid.startAt.getTime()) / stepMs);
  let rows = 0;
  let done = 0;
  try {
    for (const { observedAt, weather, impedance } of simulateReadings(grid)) {
      const at = observedAt.toISOString();
      const weatherOfLine = new Map(weather.map((reading) => [reading.lineId, weatherCells(reading)]));
      for (const reading of weather) {
        await weatherFile.write([at, reading.sensorId, ...weatherOfLine.get(reading.lineId)!]);
      }
      for (const reading of impedance) {
        await telemetry.write([
          at,
          reading.sensorId,
          reading.resistanceOhm,
          reading.reactanceOhm,
          reading.leakageMilliampere,
          reading.loadAmpere,
          ...weatherOfLine.get(reading.lineId)!,
        ]);
        rows++;
      }
      done++;
      if (done % STEPS_PER_PROGRESS === 0 || done === total) {
        onProgress({ stage: 'simulating readings', done, total, note: `${rows} rows` });
      }
    }
  } finally {
    await telemetry.close();
    await weatherFile.close();
  }
  return rows;
}

function weatherCells(reading: WeatherQuantities): CsvCell[] {
  return [
    reading.airCelsius,
    reading.humidityPercent,
    reading.rainMillimetrePerHour,
    reading.windMetrePerSecond,
    reading.solarWattPerSquareMetre,
  ];
}

async function writeTable(
  path: string,
  columns: readonly string[],
  rows: Iterable<CsvCell[]>,
): Promise<void> {
  const file = await createCsvFile(path, columns);
  try {
    for (const row of rows) await file.write(row);
  } finally {
    await file.close();
  }
}

function writeAssets(grid: SimulatedGrid, outDir: string): Promise<void> {
  const rows = grid.lines.flatMap((line) =>
    line.towers.flatMap((tower, position): CsvCell[][] => {
      const place = [tower.lineId, tower.towerId, tower.latitudeDeg, tower.longitudeDeg];
      const station = position === 0 ? [[...place, line.weatherSensorId, 'weather']] : [];
      return [[...place, tower.impedanceSensorId, 'impedance'], ...station];
    }),
  );
  const columns = ['line_id', 'tower_id', 'latitude_deg', 'longitude_deg', 'sensor_id', 'kind'];
  return writeTable(join(outDir, 'assets.csv'), columns, rows);
}

function writeInspections(
  grid: SimulatedGrid,
  looks: readonly SimulatedLook[],
  outDir: string,
): Promise<void> {
  const inspections = inspectLooks(grid, looks).sort(
    (left, right) => left.inspectedAt.getTime() - right.inspectedAt.getTime(),
  );
  const columns = ['inspected_at', 'sensor_id', 'finding', 'probability', 'kind'];
  const rows = inspections.map((seen): CsvCell[] => [
    seen.inspectedAt.toISOString(),
    seen.sensorId,
    seen.finding,
    seen.probability,
    seen.kind,
  ]);
  return writeTable(join(outDir, 'inspections.csv'), columns, rows);
}

function writeTruth(grid: SimulatedGrid, outDir: string): Promise<void> {
  const columns = [
    'sensor_id',
    'kind',
    'onset_at',
    'line_id',
    'tower_id',
    'shorted_discs',
    'joint_limit_ohm',
  ];
  const rows = allDefects(grid).map((defect): CsvCell[] => [
    defect.sensorId,
    defect.kind,
    defect.onsetAt.toISOString(),
    defect.lineId,
    defect.towerId,
    defect.kind === 'broken_insulator' ? defect.damage.shortedDiscs : null,
    defect.kind === 'failing_joint' ? defect.joint.limitOhm : null,
  ]);
  return writeTable(join(outDir, 'truth.csv'), columns, rows);
}

async function writeImages(
  looks: readonly SimulatedLook[],
  outDir: string,
  renderPhotograph: NonNullable<WriteSimulationOptions['renderPhotograph']>,
  onProgress: ProgressListener,
): Promise<number> {
  const folder = join(outDir, 'images');
  await mkdir(folder, { recursive: true });
  // Those of an earlier simulation would pass for this one's.
  const earlier = (await readdir(folder)).filter((name) => PHOTOGRAPH_NAME.test(name));
  await Promise.all(earlier.map((name) => rm(join(folder, name))));
  for (const [index, look] of looks.entries()) {
    const { jpeg } = await renderPhotograph(look);
    await writeFile(join(folder, `${look.flightId}-${look.towerId}.jpg`), jpeg);
    onProgress({ stage: 'drawing photographs', done: index + 1, total: looks.length });
  }
  return looks.length;
}

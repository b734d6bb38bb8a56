/** Writes a simulated grid as a folder of CSV files, and its photographs where somebody draws them. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BadInput } from '../../core/domain/failure.ts';
import { ignoreProgress } from '../../core/domain/progress.ts';
import type { ProgressListener } from '../../core/domain/progress.ts';
import type { SimulatedLook } from './flights.ts';
import type { SimulatedGrid } from './grid.ts';
import type { LineSurvey } from './survey.ts';
import { writeReadings } from './write-readings.ts';
import { writeAssets, writeFlights, writeInspections, writeTruth } from './write-tables.ts';

export interface WriteSimulationOptions {
  readonly outDir: string;
  /** Write into a folder that has something in it; files of the same names are replaced. */
  readonly force: boolean;
  /** That simulate at once; 1 where left out. The files are the same whatever their number. */
  readonly threads?: number;
  /** Draws one look; no images are written without it. */
  readonly renderPhotograph?: (look: SimulatedLook) => Promise<{ readonly jpeg: Uint8Array }>;
}

export interface WrittenSimulation {
  readonly sensors: number;
  readonly telemetryRows: number;
  readonly flights: number;
  readonly looks: number;
  readonly defects: number;
  readonly images: number;
}

const PHOTOGRAPH_NAME = /^L\d+-F\d+-T\d+\.jpg$/;

/** @example await writeSimulation(grid, { outDir: 'data/simulated', force: false }) */
export async function writeSimulation(
  grid: SimulatedGrid,
  options: WriteSimulationOptions,
  onProgress: ProgressListener = ignoreProgress,
): Promise<WrittenSimulation> {
  await prepareFolder(options);
  const { outDir, threads = 1, renderPhotograph } = options;
  await writeAssets(grid, outDir);
  let surveys: readonly LineSurvey[] = [];
  const telemetryRows = await writeReadings(
    grid,
    outDir,
    threads,
    async (surveyed) => {
      surveys = surveyed;
      await writeFlights(surveys, outDir);
      await writeInspections(surveys, outDir);
      await writeTruth(
        surveys.flatMap(({ outcomes }) => outcomes),
        outDir,
      );
    },
    onProgress,
  );
  const looks = surveys.flatMap((survey) => survey.looks);
  const images = renderPhotograph ? await writeImages(looks, outDir, renderPhotograph, onProgress) : 0;
  return {
    sensors: grid.lines.reduce((sum, line) => sum + line.towers.length, 0),
    telemetryRows,
    flights: surveys.reduce((sum, survey) => sum + survey.flights.length, 0),
    looks: looks.length,
    defects: surveys.reduce((sum, survey) => sum + survey.outcomes.length, 0),
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

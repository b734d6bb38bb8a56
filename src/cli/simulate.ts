/** `spanwatch simulate`: a made-up grid with known defects, as files to try the tools on. */
import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { gridOfSensors } from '../features/simulation/grid.ts';
import {
  fieldProfile,
  MOST_FLIGHTS_PER_YEAR,
  MOST_RECALIBRATIONS_PER_YEAR,
} from '../features/simulation/profile.ts';
import type { PerKind } from '../features/simulation/profile.ts';
import { renderPhotograph } from '../features/simulation/render-photograph.ts';
import { writeSimulation } from '../features/simulation/write-simulation.ts';
import { numberBetween, probability, seedNumber, wholeNumber } from './read-option.ts';
import { describeRates, ratePerKind } from './rate-per-kind.ts';
import { terminalProgress } from './terminal-progress.ts';

interface SimulateOptions {
  readonly out: string;
  readonly sensors: number;
  readonly days: number;
  readonly seed: number;
  readonly weatherSwap?: number;
  readonly defectShare: number;
  readonly flightsPerYear: number;
  readonly repairDays: number;
  readonly recalibrationsPerYear: number;
  readonly detectorRecall?: PerKind;
  readonly falsePositiveRate?: PerKind;
  readonly threads?: number;
  readonly images: boolean;
  readonly force: boolean;
  readonly json: boolean;
}

const { detector } = fieldProfile;
/** A thread is up after a tenth of a second, in which another has simulated about as many readings. */
const READINGS_WORTH_A_THREAD = 100_000;

export function simulateCommand(): Command {
  return new Command('simulate')
    .requiredOption('--out <folder>', 'folder to write into; made if it is not there')
    .option(
      '--sensors <count>',
      'impedance sensors, twelve to a line',
      wholeNumber('--sensors', 1, 12_000),
      24,
    )
    .option('--days <count>', 'days of readings, one every ten minutes', wholeNumber('--days', 1, 3660), 120)
    .option('--seed <number>', 'same seed, same files', seedNumber, 1)
    .option(
      '--weather-swap <seed>',
      'the same grid, instruments and defects under the weather of another seed',
      wholeNumber('--weather-swap', 0, 2 ** 32 - 1),
    )
    .option(
      '--defect-share <share>',
      'share of the towers on which something breaks',
      probability('--defect-share'),
      fieldProfile.defectShare,
    )
    .option(
      '--flights-per-year <count>',
      'flights over each line, on average, in fair weather; a flight visits three quarters of its towers',
      numberBetween('--flights-per-year', 0, MOST_FLIGHTS_PER_YEAR),
      fieldProfile.flightsPerYear,
    )
    .option(
      '--repair-days <days>',
      'median time from a right report to the repair; 0 repairs nothing',
      numberBetween('--repair-days', 0, 3660),
      fieldProfile.repairDays,
    )
    .option(
      '--recalibrations-per-year <count>',
      'how often a sensor is set anew or exchanged, on average: a lasting step of its gain that is no defect',
      numberBetween('--recalibrations-per-year', 0, MOST_RECALIBRATIONS_PER_YEAR),
      fieldProfile.recalibrationsPerYear,
    )
    .option(
      '--detector-recall <rate>',
      'chance that a visible defect is reported: a number, or one a kind as KIND=NUMBER,… ' +
        `(default: ${describeRates(detector.recall)})`,
      ratePerKind('--detector-recall', detector.recall),
    )
    .option(
      '--false-positive-rate <rate>',
      'chance that a look reports a defect of a kind that is not there, likewise ' +
        `(default: ${describeRates(detector.falsePositiveRate)})`,
      ratePerKind('--false-positive-rate', detector.falsePositiveRate),
    )
    .option(
      '--threads <count>',
      'that simulate at once, one for each core where left out; the files are the same whatever their number',
      wholeNumber('--threads', 1, 256),
    )
    .option('--images', 'also draw the photographs of the drone flights', false)
    .option('--force', 'write into a folder that is not empty', false)
    .option('--json', 'print the summary as one line of JSON', false)
    .addHelpText(
      'after',
      '\nWrites telemetry.csv, weather.csv, assets.csv, flights.csv and inspections.csv, and what no model may see:\n' +
        'truth.csv and hidden-state.csv.',
    )
    .action(simulate);
}

async function simulate(options: SimulateOptions): Promise<void> {
  const { sensors, days, seed, weatherSwap } = options;
  const grid = gridOfSensors({
    sensors,
    days,
    seed,
    ...(weatherSwap === undefined ? {} : { weatherSeed: weatherSwap }),
    profile: {
      ...fieldProfile,
      defectShare: options.defectShare,
      flightsPerYear: options.flightsPerYear,
      repairDays: options.repairDays,
      recalibrationsPerYear: options.recalibrationsPerYear,
      detector: {
        recall: options.detectorRecall ?? detector.recall,
        falsePositiveRate: options.falsePositiveRate ?? detector.falsePositiveRate,
      },
    },
  });
  const worthwhile = Math.ceil((sensors * days * 144) / READINGS_WORTH_A_THREAD);
  const written = await writeSimulation(
    grid,
    {
      outDir: options.out,
      force: options.force,
      threads: options.threads ?? Math.min(availableParallelism(), worthwhile),
      ...(options.images ? { renderPhotograph } : {}),
    },
    terminalProgress(),
  );
  const images = options.images ? `, ${written.images} images` : '';
  const sentence =
    `Wrote ${written.telemetryRows} readings of ${written.sensors} sensors with ${written.defects} defects ` +
    `and ${written.looks} inspections of ${written.flights} flights${images} to ${options.out}`;
  process.stdout.write(`${options.json ? JSON.stringify({ out: options.out, ...written }) : sentence}\n`);
}

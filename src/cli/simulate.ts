/** `spanwatch simulate`: a made-up grid with known defects, as files to try the tools on. */
import { Command } from 'commander';
import { gridOfSensors } from '../features/simulation/grid.ts';
import { renderPhotograph } from '../features/simulation/render-photograph.ts';
import { writeSimulation } from '../features/simulation/write-simulation.ts';
import { seedNumber, wholeNumber } from './read-option.ts';
import { terminalProgress } from './terminal-progress.ts';

interface SimulateOptions {
  readonly out: string;
  readonly sensors: number;
  readonly days: number;
  readonly seed: number;
  readonly images: boolean;
  readonly force: boolean;
  readonly json: boolean;
}

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
    .option('--images', 'also draw the photographs of the drone flights', false)
    .option('--force', 'write into a folder that is not empty', false)
    .option('--json', 'print the summary as one line of JSON', false)
    .action(simulate);
}

async function simulate(options: SimulateOptions): Promise<void> {
  const grid = gridOfSensors(options);
  const written = await writeSimulation(
    grid,
    {
      outDir: options.out,
      force: options.force,
      ...(options.images ? { renderPhotograph } : {}),
    },
    terminalProgress(),
  );
  const images = options.images ? `, ${written.images} images` : '';
  const sentence =
    `Wrote ${written.telemetryRows} readings of ${written.sensors} sensors with ${written.defects} defects ` +
    `and ${written.looks} inspections${images} to ${options.out}`;
  process.stdout.write(`${options.json ? JSON.stringify({ out: options.out, ...written }) : sentence}\n`);
}

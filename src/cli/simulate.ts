/** `spanwatch simulate`: a made-up grid with known defects, as files to try the tools on. */
import { Command } from 'commander';
import { BadInput } from '../core/domain/failure.ts';
import type { Progress } from '../core/domain/progress.ts';
import { gridOfSensors } from '../features/simulation/grid.ts';
import { renderPhotograph } from '../features/simulation/render-photograph.ts';
import { writeSimulation } from '../features/simulation/write-simulation.ts';

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
    .description(
      'write telemetry, weather, inspections and the hidden truth of a simulated grid as CSV files',
    )
    .requiredOption('--out <folder>', 'folder to write into; made if it is not there')
    .option(
      '--sensors <count>',
      'impedance sensors, twelve to a line',
      wholeNumber('--sensors', 1, 12_000),
      24,
    )
    .option('--days <count>', 'days of readings, one every ten minutes', wholeNumber('--days', 1, 3660), 120)
    .option('--seed <number>', 'same seed, same files', wholeNumber('--seed', 0, 2 ** 32 - 1), 1)
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
    process.stderr.isTTY ? showProgress : undefined,
  );
  if (process.stderr.isTTY) process.stderr.write('\n');
  const images = options.images ? `, ${written.images} images` : '';
  const sentence =
    `Wrote ${written.telemetryRows} readings of ${written.sensors} sensors with ${written.defects} defects ` +
    `and ${written.looks} inspections${images} to ${options.out}`;
  process.stdout.write(`${options.json ? JSON.stringify({ out: options.out, ...written }) : sentence}\n`);
}

/** One line that is written over and over. */
function showProgress({ stage, done, total, note }: Progress): void {
  const percent = String(Math.floor((100 * done) / total)).padStart(3);
  process.stderr.write(`\r${percent} % ${stage}${note ? ` (${note})` : ''}\u001b[K`);
}

function wholeNumber(option: string, lowest: number, highest: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= lowest && value <= highest) return value;
    throw new BadInput(
      'option-out-of-range',
      `${option} is '${text}', but must be a whole number from ${lowest} to ${highest}.`,
      { option, text },
    );
  };
}

/** `spanwatch import images`: takes a folder of photographs in, straight into the database and the store. */
import { Command } from 'commander';
import { importImages, type ImageReport } from '../features/inspection/import-images.ts';
import { readFlightId } from '../features/inspection/intake/read-flight-id.ts';
import { readSettings, type SettingName } from '../settings.ts';
import { lendDatabase } from './lend-database.ts';
import { lendIntake } from './lend-intake.ts';
import { terminalProgress } from './terminal-progress.ts';

interface Options {
  readonly flight?: string;
  readonly utcOffset?: string;
  readonly json: boolean;
}

/** Enough to see a pattern; all are in the report of --json. */
const MOST_TOLD = 50;

export function importImagesCommand(): Command {
  return new Command('images')
    .description(
      'take photographs in, with those in folders below: JPEG, PNG, TIFF, WebP; may be broken off and repeated, nothing is taken in twice',
    )
    .argument('<folder>', 'folder of photographs, which stay where they are')
    .option('--flight <id>', 'mission they belong to; by default one flight a line and day')
    .option('--utc-offset <offset>', 'time zone of cameras that do not say theirs, such as +02:00')
    .option('--json', 'print the report as one line of JSON', false)
    .action(run);
}

async function run(folder: string, { flight, utcOffset, json }: Options): Promise<void> {
  const overrides: Partial<Record<SettingName, string>> = utcOffset ? { CAMERA_UTC_OFFSET: utcOffset } : {};
  const settings = readSettings(overrides);
  const flightId = readFlightId(flight);
  const report = await lendDatabase(settings, (database) =>
    lendIntake(settings, database, (intake) => importImages(intake, folder, flightId, terminalProgress())),
  );
  tell(report, json);
}

function tell(report: ImageReport, json: boolean): void {
  const { stored, known, poor, skipped, rejected } = report;
  if (rejected.length > 0) process.exitCode = 1;
  const sentence = `Stored ${stored} photographs; ${known} were there already, ${skipped.length} files are no photographs, ${rejected.length} were rejected. ${poor.length} are too poor to judge by.`;
  process.stdout.write(`${json ? JSON.stringify(report) : sentence}\n`);
  if (json) return;
  tellFiles(
    'poor',
    poor.map(({ file, quality }) => ({ file, reason: quality.join(', ') })),
  );
  tellFiles('skipped', skipped);
  tellFiles('rejected', rejected);
}

function tellFiles(what: string, files: ImageReport['skipped']): void {
  for (const { file, reason } of files.slice(0, MOST_TOLD)) {
    // A name may hold line breaks.
    process.stderr.write(`${what} ${JSON.stringify(file)}: ${reason}\n`);
  }
  if (files.length > MOST_TOLD) process.stderr.write(`and ${files.length - MOST_TOLD} more ${what}\n`);
}

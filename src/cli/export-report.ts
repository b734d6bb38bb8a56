/** `spanwatch export report`: the report of one tower or flight as one HTML file, which prints to PDF. */
import path from 'node:path';
import { Command } from 'commander';
import { BadInput } from '../core/domain/failure.ts';
import { Reports } from '../features/exchange/reports.ts';
import { BlobStore } from '../platform/blobs/blob-store.ts';
import { AssetRepository } from '../platform/storage/asset-repository.ts';
import { FlightReportRepository } from '../platform/storage/flight-report-repository.ts';
import { TowerReportRepository } from '../platform/storage/tower-report-repository.ts';
import { readSettings } from '../settings.ts';
import { lendDatabase } from './lend-database.ts';
import { openTextOutput } from './open-text-output.ts';

interface Options {
  readonly tower?: string;
  readonly flight?: string;
  readonly out: string;
  readonly json: boolean;
}

export function exportReportCommand(): Command {
  return new Command('report')
    .description('write the report of a tower or of a flight as one HTML file; a browser prints it to PDF')
    .option('--tower <line/tower>', 'of one tower, such as L07/T12')
    .option('--flight <id>', 'of one flight')
    .requiredOption('--out <file>', 'file to write, or - for standard output')
    .option('--json', 'print the report as one line of JSON; on standard error when --out is -', false)
    .action(run);
}

async function run({ tower, flight, out, json }: Options): Promise<void> {
  if ((tower === undefined) === (flight === undefined)) {
    throw new BadInput('option-missing', 'Name either --tower LINE/TOWER or --flight ID.');
  }
  const [lineId = '', towerId = '', more] = tower?.split('/') ?? [];
  if (tower !== undefined && (lineId === '' || towerId === '' || more !== undefined)) {
    throw new BadInput(
      'option-out-of-range',
      `--tower is '${tower}', but must be LINE/TOWER, such as L07/T12.`,
    );
  }
  const settings = readSettings();
  const html = await lendDatabase(settings, (database) => {
    const reports = new Reports(
      new TowerReportRepository(database),
      new FlightReportRepository(database),
      new AssetRepository(database),
      new BlobStore(path.join(settings.DATA_DIR, 'blobs')),
      settings.MAX_IMAGE_MEGAPIXELS,
    );
    return flight === undefined ? reports.ofTower(lineId, towerId) : reports.ofFlight(flight);
  });
  const output = await openTextOutput(out);
  try {
    await output.write(html);
    await output.keep();
  } catch (error) {
    if (await output.discard()) throw error;
  }
  const said = json ? JSON.stringify({ out, bytes: Buffer.byteLength(html) }) : `Wrote the report to ${out}`;
  (out === '-' ? process.stderr : process.stdout).write(`${said}\n`);
}

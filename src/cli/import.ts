/** `spanwatch import`: brings files of assets, readings, photographs and annotations in. */
import { Command } from 'commander';
import type { ImportProblem } from '../features/ingest/import-problem.ts';
import { importAssets } from '../features/ingest/import-assets.ts';
import { importTelemetry } from '../features/ingest/import-telemetry.ts';
import { readSettings } from '../settings.ts';
import { importAnnotationsCommand } from './import-annotations.ts';
import { importImagesCommand } from './import-images.ts';
import { lendDatabase } from './lend-database.ts';
import { terminalProgress } from './terminal-progress.ts';

interface Rejected {
  readonly rejected: number;
  readonly problems: readonly ImportProblem[];
}

export function importCommand(): Command {
  return new Command('import')
    .addCommand(assetsCommand())
    .addCommand(telemetryCommand())
    .addCommand(importImagesCommand())
    .addCommand(importAnnotationsCommand());
}

function assetsCommand(): Command {
  return new Command('assets')
    .description(
      'register lines, towers and sensors: columns line_id, tower_id, latitude_deg, longitude_deg, sensor_id, kind; of GeoJSON, points are towers and the corners of lines are, too',
    )
    .argument('<file>', 'CSV; GeoJSON where it ends in .geojson or .json')
    .option('--json', 'print the report as one line of JSON', false)
    .action(async (file: string, { json }: { json: boolean }) => {
      const report = await lendDatabase(readSettings(), (database) => importAssets(database, file));
      const { sensors, towers, lines } = report;
      tell(json, report, `Registered ${sensors} sensors on ${towers} towers of ${lines} lines`);
    });
}

function telemetryCommand(): Command {
  return new Command('telemetry')
    .description(
      'store readings: columns observed_at (ISO 8601 with zone), sensor_id, then those of the sensor kinds; may be repeated, nothing is stored twice',
    )
    .argument(
      '<file>',
      'CSV; NDJSON where it ends in .ndjson or .jsonl, one JSON reading a line with sensorId; Parquet where it ends in .parquet',
    )
    .option('--json', 'print the report as one line of JSON', false)
    .action(async (file: string, { json }: { json: boolean }) => {
      const report = await lendDatabase(readSettings(), (database) =>
        importTelemetry(database, file, terminalProgress()),
      );
      const { stored, duplicates, conflicts, empty } = report;
      tell(
        json,
        report,
        `Stored ${stored} readings; ${duplicates} were there already, ${conflicts} contradict what was there (reading_conflict), ${empty} rows were empty`,
      );
    });
}

function tell(json: boolean, report: Rejected, sentence: string): void {
  const { rejected, problems } = report;
  process.stdout.write(`${json ? JSON.stringify(report) : `${sentence}; ${rejected} rows were rejected.`}\n`);
  if (rejected === 0) return;
  process.exitCode = 1;
  if (json) return;
  for (const { line, column, reason } of problems) {
    process.stderr.write(`line ${line}${column ? `, column ${column}` : ''}: ${reason}\n`);
  }
  if (rejected > problems.length) process.stderr.write(`and ${rejected - problems.length} more\n`);
}

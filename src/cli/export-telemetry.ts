/** `spanwatch export telemetry`: readings of one kind as CSV or NDJSON, to a file or to whoever reads on. */
import path from 'node:path';
import { Command, Option } from 'commander';
import { findSensorKind, sensors } from '../catalogue/sensors/sensors.ts';
import { exportTelemetry, type ExportForm } from '../features/ingest/export-telemetry.ts';
import { readSettings } from '../settings.ts';
import { lendDatabase } from './lend-database.ts';
import { openTextOutput } from './open-text-output.ts';
import { instant } from './read-option.ts';
import { terminalProgress } from './terminal-progress.ts';

interface ExportOptions {
  readonly kind: string;
  readonly from?: Date;
  readonly to?: Date;
  readonly sensor?: string;
  readonly out: string;
  readonly format?: ExportForm;
  readonly json: boolean;
}

export function exportTelemetryCommand(): Command {
  const kind = new Option('--kind <kind>', 'sensor kind').choices(sensors.map((sensor) => sensor.kind));
  return new Command('telemetry')
    .description('write readings in the form that `import telemetry` takes back')
    .addOption(kind.makeOptionMandatory())
    .option('--from <iso>', 'observed at or after this time, such as 2026-11-23T10:00:00Z', instant('--from'))
    .option('--to <iso>', 'observed before this time', instant('--to'))
    .option('--sensor <id>', 'of one sensor')
    .requiredOption('--out <file>', 'file to write, or - for standard output')
    .addOption(
      new Option(
        '--format <form>',
        'what is written; by default NDJSON for .ndjson and .jsonl, else CSV',
      ).choices(['csv', 'ndjson']),
    )
    .option('--json', 'print the report as one line of JSON; on standard error when --out is -', false)
    .action(exportReadings);
}

async function exportReadings({ kind, from, to, sensor, out, format, json }: ExportOptions): Promise<void> {
  const request = {
    sensor: findSensorKind(kind)!,
    range: { sensorId: sensor ?? null, from: from ?? null, to: to ?? null },
    form: format ?? formOf(out),
  };
  const output = await openTextOutput(out);
  try {
    const readings = await lendDatabase(readSettings(), (database) =>
      exportTelemetry(database, request, (text) => output.write(text), terminalProgress()),
    );
    await output.keep();
    const report = out === '-' ? process.stderr : process.stdout;
    report.write(`${json ? JSON.stringify({ out, readings }) : `Exported ${readings} readings to ${out}`}\n`);
  } catch (error) {
    // Whoever reads on, such as `head`, may have had enough.
    if (await output.discard()) throw error;
  }
}

function formOf(out: string): ExportForm {
  return ['.ndjson', '.jsonl'].includes(path.extname(out).toLowerCase()) ? 'ndjson' : 'csv';
}

/** `spanwatch export`: takes readings out of the database. */
import { Command } from 'commander';
import { exportTelemetryCommand } from './export-telemetry.ts';

export function exportCommand(): Command {
  return new Command('export')
    .description('take readings out of the database')
    .addCommand(exportTelemetryCommand());
}

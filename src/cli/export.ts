/** `spanwatch export`: takes readings out of the database. */
import { Command } from 'commander';
import { exportTelemetryCommand } from './export-telemetry.ts';

export function exportCommand(): Command {
  return new Command('export').addCommand(exportTelemetryCommand());
}

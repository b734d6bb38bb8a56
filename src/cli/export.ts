/** `spanwatch export`: takes readings, boxes, findings and reports out of the database. */
import { Command } from 'commander';
import { exportAnnotationsCommand } from './export-annotations.ts';
import { exportFindingsCommand } from './export-findings.ts';
import { exportReportCommand } from './export-report.ts';
import { exportTelemetryCommand } from './export-telemetry.ts';

export function exportCommand(): Command {
  return new Command('export')
    .addCommand(exportTelemetryCommand())
    .addCommand(exportAnnotationsCommand())
    .addCommand(exportFindingsCommand())
    .addCommand(exportReportCommand());
}

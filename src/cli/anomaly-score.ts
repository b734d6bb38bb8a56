/** `spanwatch anomaly score`: scores a telemetry file with a trained model. */
import { Command } from 'commander';
import { scoreCsv } from '../features/anomalies/score-csv.ts';
import { terminalProgress } from './terminal-progress.ts';

interface ScoreOptions {
  readonly model: string;
  readonly telemetry: string;
  readonly out: string;
  readonly sites?: string;
  readonly json: boolean;
}

export function anomalyScoreCommand(): Command {
  return new Command('score')
    .description('score every reading of a telemetry file; a score uses nothing later than its reading')
    .requiredOption('--model <folder>', 'model folder, as `anomaly train` writes it')
    .requiredOption(
      '--telemetry <csv>',
      'observed_at, sensor_id, then the columns that the model was trained on',
    )
    .requiredOption('--out <csv>', 'scores: observed_at, sensor_id, score, anomalous, event_id')
    .option(
      '--sites <csv>',
      'sensor_id and site (or line_id): sensors of one site are compared; by default as training was told',
    )
    .option('--json', 'print the summary as one line of JSON', false)
    .action(score);
}

async function score({ model, telemetry, out, sites, json }: ScoreOptions): Promise<void> {
  const summary = await scoreCsv(
    { model, telemetryCsv: telemetry, out, ...(sites ? { sitesCsv: sites } : {}) },
    terminalProgress(json ? 'json' : 'text'),
  );
  const sentence =
    `Scored ${summary.readings} readings of ${summary.sensors} sensors (${summary.startedAfresh} new to the model): ` +
    `${summary.events} events, written to ${out}`;
  process.stdout.write(`${json ? JSON.stringify({ out, ...summary }) : sentence}\n`);
}

/** `spanwatch anomaly train`: trains the anomaly model on a telemetry file, with drone inspections where there are any. */
import { Command } from 'commander';
import { DEFAULTS } from '../catalogue/models/impedance-anomaly/defaults.ts';
import { BadInput } from '../core/domain/failure.ts';
import { trainAnomalyModel } from '../features/training/train-anomaly.ts';
import { prepareCompute } from '../platform/compute/choose-backend.ts';
import { readSettings } from '../settings.ts';
import { columnNames, numberFrom, seedNumber } from './read-option.ts';
import { terminalProgress } from './terminal-progress.ts';

interface TrainOptions {
  readonly telemetry: string;
  readonly channels: string[];
  readonly context: string[];
  readonly inspections?: string;
  readonly sites?: string;
  readonly out: string;
  readonly seed: number;
  readonly falseAlarms: number;
  readonly cutoff?: Date;
  readonly json: boolean;
}

export function anomalyTrainCommand(): Command {
  return new Command('train')
    .description(
      'train on telemetry; with inspections it learns from what drones found, without it is unsupervised',
    )
    .requiredOption(
      '--telemetry <csv>',
      'observed_at, sensor_id, then the named columns; empty cells are missing',
    )
    .requiredOption('--channels <names>', 'columns to watch, separated by commas', columnNames)
    .option(
      '--context <names>',
      'columns that move healthy readings, such as weather and load',
      columnNames,
      [],
    )
    .option('--inspections <csv>', 'inspected_at, sensor_id, finding (clean|defect), probability, kind')
    .option(
      '--sites <csv>',
      'sensor_id and site (or line_id): sensors of one site share weather and are compared; by default all are; ' +
        'with tower_id, sensors of one tower are not split between what teaches and what measures the model',
    )
    .requiredOption('--out <folder>', 'model folder to write; a model that is there is replaced')
    .option('--seed <number>', 'same seed, same model', seedNumber, DEFAULTS.seed)
    .option(
      '--false-alarms <rate>',
      'events per sensor-year that a healthy fleet may raise',
      numberFrom('--false-alarms', 1e-6),
      DEFAULTS.falseAlarmsPerSensorYear,
    )
    .option('--cutoff <time>', 'use nothing later than this, ISO 8601', time)
    .option('--json', 'print the manifest without its parameters as one line of JSON', false)
    .action(train);
}

async function train(options: TrainOptions): Promise<void> {
  const { TFJS_BACKEND } = readSettings();
  // The networks are tiny: native TensorFlow brings no speed here, and takes 0.25 GB more.
  const compute = await prepareCompute(TFJS_BACKEND === 'auto' ? 'wasm' : TFJS_BACKEND);
  const manifest = await trainAnomalyModel(
    {
      telemetryCsv: options.telemetry,
      channels: options.channels,
      context: options.context,
      out: options.out,
      seed: options.seed,
      falseAlarmsPerSensorYear: options.falseAlarms,
      ...(options.inspections ? { inspectionsCsv: options.inspections } : {}),
      ...(options.sites ? { sitesCsv: options.sites } : {}),
      ...(options.cutoff ? { cutoff: options.cutoff } : {}),
    },
    terminalProgress(options.json ? 'json' : 'text'),
    compute,
  );
  const { model, version, metrics, record } = manifest;
  const summary = { model, version, out: options.out, metrics, record };
  process.stdout.write(
    options.json
      ? `${JSON.stringify(summary)}\n`
      : `Trained ${model} ${version} into ${options.out}\n${JSON.stringify(metrics, null, 2)}\n`,
  );
}

function time(text: string): Date {
  const value = new Date(text);
  if (!Number.isNaN(value.getTime())) return value;
  throw new BadInput('option-out-of-range', `--cutoff is '${text}', but must be an ISO 8601 time.`);
}

/** `spanwatch detector train`: from labelled pictures to a model folder. */
import { Command } from 'commander';
import { requireModelPlace, writeModelFolder } from '../platform/blobs/model-folder.ts';
import { prepareCompute } from '../platform/compute/choose-backend.ts';
import { trainDetector } from '../features/training/train-detector.ts';
import { readSettings } from '../settings.ts';
import { trainingData, type DataOptions } from './detector-data.ts';
import { seedNumber, wholeNumber } from './read-option.ts';
import { terminalProgress } from './terminal-progress.ts';

interface TrainOptions extends DataOptions {
  readonly epochs?: number;
  readonly out: string;
  readonly json: boolean;
}

export function detectorTrainCommand(): Command {
  return new Command('train')
    .description('train, calibrate and measure a detector; needs native TensorFlow (npm run tensorflow)')
    .option('--dataset <folder>', 'labelled pictures in COCO form: annotations.json and images/')
    .option('--split <file>', 'JSON with the file names to learn from and to measure on: {train, validation}')
    .option(
      '--rendered <count>',
      'learn from this many rendered photographs instead',
      wholeNumber('--rendered', 1),
    )
    .option('--epochs <count>', 'passes over the pictures', wholeNumber('--epochs', 1))
    .option('--seed <number>', 'same seed, same data, same weights', seedNumber, 1)
    .requiredOption('--out <folder>', 'folder for the model')
    .option('--json', 'print version and figures as one line of JSON', false)
    .action(train);
}

async function train(options: TrainOptions): Promise<void> {
  await requireModelPlace(options.out);
  const data = await trainingData(options);
  const { backend, device, versions } = await prepareCompute(readSettings().TFJS_BACKEND);
  const artifact = await trainDetector(
    {
      data,
      seed: options.seed,
      ...(options.epochs === undefined ? {} : { epochs: options.epochs }),
      now: new Date(),
      environment: { backend, device, node: process.version, ...versions },
    },
    terminalProgress(),
  );
  await writeModelFolder(options.out, artifact);
  const { version, metrics } = artifact.manifest;
  const sentence = `Wrote version ${version} to ${options.out}; its figures are in model.json.`;
  process.stdout.write(
    `${options.json ? JSON.stringify({ out: options.out, version, metrics }) : sentence}\n`,
  );
}

/** `spanwatch detector train`: from labelled pictures to a model folder. */
import { rm } from 'node:fs/promises';
import { dirname, join, basename, resolve } from 'node:path';
import { Command } from 'commander';
import { training } from '../catalogue/models/defect-detector/defaults.ts';
import { trainDetector } from '../features/training/train-detector.ts';
import { readModelFolder, requireModelPlace, writeModelFolder } from '../platform/blobs/model-folder.ts';
import { prepareCompute } from '../platform/compute/choose-backend.ts';
import { shippedModelFolder } from '../platform/project-root.ts';
import { readSettings } from '../settings.ts';
import { addDataOptions, trainingData, type DataOptions } from './detector-data.ts';
import { wholeNumber } from './read-option.ts';
import { terminalProgress } from './terminal-progress.ts';

interface TrainOptions extends DataOptions {
  readonly backbone: string;
  readonly from?: string;
  readonly warmUp: number;
  readonly epochs: number;
  readonly fineTune: number;
  readonly settle: number;
  readonly restart: boolean;
  readonly out: string;
  readonly json: boolean;
}

export function detectorTrainCommand(): Command {
  const command = new Command('train');
  return addDataOptions(command)
    .option('--backbone <folder>', 'pre-trained features to stand on', shippedModelFolder('coco-backbone'))
    .option('--from <folder>', 'a detector of the same classes that goes on learning')
    .option(
      '--warm-up <count>',
      'passes for the heads alone',
      wholeNumber('--warm-up', 0),
      training.warmUpEpochs,
    )
    .option(
      '--epochs <count>',
      'passes over windows of the pictures',
      wholeNumber('--epochs', 0),
      training.epochs,
    )
    .option(
      '--fine-tune <count>',
      'passes over whole pictures',
      wholeNumber('--fine-tune', 0),
      training.fineTuneEpochs,
    )
    .option(
      '--settle <count>',
      'passes over whole pictures for the heads alone',
      wholeNumber('--settle', 0),
      training.settleEpochs,
    )
    .option('--restart', 'throw away what an earlier run left half done', false)
    .requiredOption('--out <folder>', 'folder for the model')
    .option('--json', 'print version and figures as one line of JSON', false)
    .action(train);
}

async function train(options: TrainOptions): Promise<void> {
  await requireModelPlace(options.out);
  const checkpointFolder = checkpointPlace(options.out);
  if (options.restart) await rm(checkpointFolder, { recursive: true, force: true });
  const backbone = await readModelFolder(options.backbone);
  const { backend, device, versions } = await prepareCompute(readSettings().TFJS_BACKEND);
  const onProgress = terminalProgress();
  const data = await trainingData(options, onProgress);
  const artifact = await trainDetector(
    {
      data,
      backbone,
      ...(options.from === undefined ? {} : { from: await readModelFolder(options.from) }),
      seed: options.seed,
      epochs: {
        warmUp: options.warmUp,
        train: options.epochs,
        fineTune: options.fineTune,
        settle: options.settle,
      },
      checkpointFolder,
      now: new Date(),
      environment: { backend, device, node: process.version, ...versions },
    },
    onProgress,
  );
  await writeModelFolder(options.out, artifact);
  await rm(checkpointFolder, { recursive: true, force: true });
  const { version, metrics } = artifact.manifest;
  const sentence = `Wrote version ${version} to ${options.out}; its figures are in model.json.`;
  process.stdout.write(
    `${options.json ? JSON.stringify({ out: options.out, version, metrics }) : sentence}\n`,
  );
}

/** Beside the model to come, hidden: a folder that is half done is no model. */
function checkpointPlace(out: string): string {
  const target = resolve(out);
  return join(dirname(target), `.${basename(target)}.training`);
}

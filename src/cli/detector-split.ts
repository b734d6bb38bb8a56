/** `spanwatch detector split`: which pictures of a data set to learn from, and which to measure on. */
import { writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { createRandom } from '../core/statistics/random.ts';
import { readDataset } from '../features/training/datasets/read-dataset.ts';
import { splitDataset, type SplitRule } from '../features/training/datasets/split-dataset.ts';
import { clustersOf } from '../features/training/gather-data.ts';
import { addClassOption, type DataOptions } from './detector-data.ts';
import { probability, seedNumber } from './read-option.ts';
import { terminalProgress } from './terminal-progress.ts';

interface SplitOptions extends Pick<DataOptions, 'class' | 'seed'> {
  readonly by: SplitRule;
  readonly share: number;
  readonly out: string;
}

export function detectorSplitCommand(): Command {
  const command = new Command('split').argument(
    '<dataset>',
    'labelled pictures in COCO, Pascal VOC, YOLO or CPLID form',
  );
  return addClassOption(command)
    .addOption(
      new Option('--by <rule>', 'what stays together').choices(['cluster', 'random']).default('cluster'),
    )
    .option('--share <share>', 'of the pictures to measure on', probability('--share'), 0.15)
    .option('--seed <number>', 'same seed, same split', seedNumber, 1)
    .requiredOption('--out <file>', 'JSON to write, as `detector train --split` takes it')
    .action(split);
}

async function split(folder: string, options: SplitOptions): Promise<void> {
  const { pictures, classes } = await readDataset(folder, { classes: options.class });
  const clusters = await clustersOf(pictures, classes, terminalProgress());
  const names = pictures.map(({ name }) => name);
  const made = splitDataset(createRandom(options.seed), names, clusters, options.by, options.share);
  const rule = { by: options.by, share: options.share, seed: options.seed };
  await writeFile(options.out, `${JSON.stringify({ rule, ...made }, null, 2)}\n`);
  process.stdout.write(
    `${made.train.length} pictures to learn from and ${made.validation.length} to measure on, of ${new Set(clusters).size} clusters: ${options.out}\n`,
  );
}

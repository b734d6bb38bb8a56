/** The options of `detector train` and `detector evaluate` that name pictures: a data set, the renderer, or both. */
import type { Command } from 'commander';
import type { ObjectClass } from '../catalogue/models/defect-detector/defaults.ts';
import { BadInput } from '../core/domain/failure.ts';
import type { ProgressListener } from '../core/domain/progress.ts';
import { renderedPictures } from '../features/simulation/rendered-pictures.ts';
import type { DetectorData, MeasuredPictures } from '../features/training/detector-data.ts';
import { gatherMeasured, gatherTrainingData, nothingNamed } from '../features/training/gather-data.ts';
import { seedNumber, wholeNumber } from './read-option.ts';

export interface DataOptions {
  readonly dataset?: string;
  readonly split?: string;
  readonly class: readonly ObjectClass[];
  readonly rendered?: number;
  readonly seed: number;
}

/** Rendered pictures to calibrate and to measure on, beside those to learn from. */
const RENDERED = { calibration: 100, validation: 150 };

export function addClassOption(command: Command): Command {
  return command.option(
    '--class <name:kind>',
    'what a class is that Spanwatch does not know: object or defect (repeatable)',
    collectClass,
    [],
  );
}

export function addDataOptions(command: Command): Command {
  return addClassOption(command)
    .option('--dataset <folder>', 'labelled pictures in COCO, Pascal VOC, YOLO or CPLID form')
    .option('--split <file>', 'JSON {train: […], validation: […]} with names of pictures')
    .option(
      '--rendered <count>',
      'rendered photographs, alone or beside a data set',
      wholeNumber('--rendered', 1),
    )
    .option('--seed <number>', 'same seed, same data, same result', seedNumber, 1);
}

export async function trainingData(
  options: DataOptions,
  onProgress: ProgressListener,
): Promise<DetectorData> {
  const { dataset, split, rendered, seed } = options;
  if (dataset !== undefined && split === undefined) {
    throw new BadInput('option-missing', 'A data set needs --split FILE: which pictures to learn from, which to measure on.'); // prettier-ignore
  }
  return gatherTrainingData(
    dataset !== undefined && split !== undefined ? { dataset, split, classes: options.class } : undefined,
    rendered === undefined
      ? undefined
      : {
          training: renderedPictures(`training/${seed}`, rendered),
          calibration: renderedPictures(`calibration/${seed}`, RENDERED.calibration),
          validation: renderedPictures(`validation/${seed}`, RENDERED.validation),
          description: { count: rendered, ...RENDERED, seed },
        },
    onProgress,
  );
}

export async function measuredData(
  options: DataOptions,
  onProgress: ProgressListener,
): Promise<MeasuredPictures[]> {
  const { dataset, split, rendered, seed } = options;
  const measured: MeasuredPictures[] = [];
  if (dataset !== undefined) {
    const source = { dataset, classes: options.class, ...(split === undefined ? {} : { split }) };
    measured.push(await gatherMeasured(source, onProgress));
  }
  if (rendered !== undefined) {
    const pictures = renderedPictures(`evaluation/${seed}`, rendered);
    measured.push({ name: 'rendered', pictures, clusters: pictures.map((_, index) => index) });
  }
  if (measured.length === 0) throw nothingNamed();
  return measured;
}

function collectClass(text: string, before: readonly ObjectClass[]): ObjectClass[] {
  const [, name, kind] = /^(.+):(object|defect)$/.exec(text) ?? [];
  if (name !== undefined && (kind === 'object' || kind === 'defect')) return [...before, { name, kind }];
  throw new BadInput('option-out-of-range', `--class is '${text}', but must be NAME:object or NAME:defect.`);
}

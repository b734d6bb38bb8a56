/** Where the pictures of `detector train` and `detector evaluate` come from: a data set, or the renderer. */
import { BadInput } from '../core/domain/failure.ts';
import { renderedPictures } from '../features/simulation/rendered-pictures.ts';
import { readCocoPictures, readSplit } from '../features/training/coco-dataset.ts';
import type { DetectorData, LabelledPicture } from '../features/training/detector-pictures.ts';

export interface DataOptions {
  readonly dataset?: string;
  readonly split?: string;
  readonly rendered?: number;
  readonly seed: number;
}

/** Of a data set's training pictures every fifth calibrates instead. */
const CALIBRATION_STEP = 5;
/** Rendered pictures to calibrate and to measure on. */
const RENDERED_CALIBRATION = 300;
const RENDERED_VALIDATION = 300;

export async function trainingData(options: DataOptions): Promise<DetectorData> {
  const { rendered, seed } = options;
  if (rendered !== undefined) {
    refuseBoth(options);
    return {
      training: renderedPictures(`training/${seed}`, rendered),
      calibration: renderedPictures(`calibration/${seed}`, RENDERED_CALIBRATION),
      validation: renderedPictures(`validation/${seed}`, RENDERED_VALIDATION),
      description: { kind: 'rendered', seed },
    };
  }
  const { dataset, split } = requireDataset(options);
  const { train, validation } = await readSplit(split);
  const isCalibration = (_: string, index: number): boolean =>
    index % CALIBRATION_STEP === CALIBRATION_STEP - 1;
  return {
    training: await readCocoPictures(
      dataset,
      train.filter((name, index) => !isCalibration(name, index)),
    ),
    calibration: await readCocoPictures(dataset, train.filter(isCalibration)),
    validation: await readCocoPictures(dataset, validation),
    description: { kind: 'coco', dataset, split },
  };
}

export async function evaluationData(options: DataOptions): Promise<LabelledPicture[]> {
  const { rendered, seed } = options;
  if (rendered !== undefined) {
    refuseBoth(options);
    return renderedPictures(`evaluation/${seed}`, rendered);
  }
  const { dataset, split } = requireDataset(options);
  return readCocoPictures(dataset, (await readSplit(split)).validation);
}

function requireDataset({ dataset, split }: DataOptions): { dataset: string; split: string } {
  if (dataset !== undefined && split !== undefined) return { dataset, split };
  throw new BadInput(
    'option-missing',
    'Name the pictures: --dataset DIR with --split FILE, or --rendered N.',
  );
}

function refuseBoth({ dataset, split }: DataOptions): void {
  if (dataset === undefined && split === undefined) return;
  throw new BadInput('option-conflict', 'Give either --dataset with --split, or --rendered, not both.');
}

/** Puts together what a detector is trained, calibrated and measured on: a labelled data set, rendered pictures, or both. */
import type { ObjectClass } from '../../catalogue/models/defect-detector/defaults.ts';
import { KNOWN_CLASSES } from '../../catalogue/models/defect-detector/defaults.ts';
import { BadInput } from '../../core/domain/failure.ts';
import type { ProgressListener } from '../../core/domain/progress.ts';
import { clusterPictures, thumbnailsOf, type Thumbnails } from './datasets/cluster-pictures.ts';
import { readDataset, type Dataset } from './datasets/read-dataset.ts';
import { readSplit } from './datasets/read-split.ts';
import type { DetectorData, LabelledPicture, MeasuredPictures } from './detector-data.ts';

export interface LabelledSource {
  readonly dataset: string;
  readonly split: string;
  /** What classes are that are neither known nor declared by the set. */
  readonly classes: readonly ObjectClass[];
}

/** Rendered pictures by purpose; drawn by another feature, handed in by the command. */
export interface RenderedSource {
  readonly training: readonly LabelledPicture[];
  readonly calibration: readonly LabelledPicture[];
  readonly validation: readonly LabelledPicture[];
  readonly description: Readonly<Record<string, unknown>>;
}

/** Of a data set's clusters of training pictures about one in so many calibrates instead. */
const CALIBRATION_STEP = 10;

export async function gatherTrainingData(
  labelled: LabelledSource | undefined,
  rendered: RenderedSource | undefined,
  onProgress: ProgressListener,
): Promise<DetectorData> {
  const real = labelled && (await splitDataset(labelled, onProgress));
  const measured: MeasuredPictures[] = [];
  if (real) measured.push({ name: 'validation', ...real.validation });
  if (rendered) {
    const clusters = rendered.validation.map((_, index) => index);
    measured.push({ name: 'rendered', pictures: rendered.validation, clusters });
  }
  const [first, ...others] = measured;
  if (!first) throw nothingNamed();
  const training = [...(real?.training ?? []), ...(rendered?.training ?? [])];
  return {
    classes: classesOf(training, real?.dataset.classes ?? []),
    training,
    calibration: [...(real?.calibration ?? []), ...(rendered?.calibration ?? [])],
    measured: [first, ...others],
    description: {
      ...(real ? { labelled: real.description } : {}),
      ...(rendered ? { rendered: rendered.description } : {}),
    },
  };
}

/** The validation pictures of a data set in their clusters; without a split file, all its pictures. */
export async function gatherMeasured(
  { dataset: folder, split, classes }: Omit<LabelledSource, 'split'> & { readonly split?: string },
  onProgress: ProgressListener,
): Promise<MeasuredPictures> {
  const only = split === undefined ? undefined : new Set((await readSplit(split)).validation);
  const { pictures, classes: found } = await readDataset(folder, { classes, ...(only ? { only } : {}) });
  return { name: 'validation', pictures, clusters: await clustersOf(pictures, found, onProgress) };
}

interface SplitDataset {
  readonly dataset: Dataset;
  readonly training: readonly LabelledPicture[];
  readonly calibration: readonly LabelledPicture[];
  readonly validation: Omit<MeasuredPictures, 'name'>;
  readonly description: Readonly<Record<string, unknown>>;
}

async function splitDataset(
  { dataset: folder, split: file, classes }: LabelledSource,
  onProgress: ProgressListener,
): Promise<SplitDataset> {
  const split = await readSplit(file);
  const only = new Set([...split.train, ...split.validation]);
  const dataset = await readDataset(folder, { classes, only });
  const clusters = await clustersOf(dataset.pictures, dataset.classes, onProgress);
  const forValidation = new Set(split.validation);
  const measured = { pictures: [] as LabelledPicture[], clusters: [] as number[] };
  const learned: { picture: LabelledPicture; cluster: number }[] = [];
  dataset.pictures.forEach((picture, index) => {
    const cluster = clusters[index]!;
    if (!forValidation.has(picture.name)) return learned.push({ picture, cluster });
    measured.pictures.push(picture);
    return measured.clusters.push(cluster);
  });
  const validated = new Set(measured.clusters);
  const calibrates = chooseCalibration(learned.map(({ cluster }) => cluster));
  return {
    dataset,
    training: learned.filter(({ cluster }) => !calibrates.has(cluster)).map(({ picture }) => picture),
    calibration: learned.filter(({ cluster }) => calibrates.has(cluster)).map(({ picture }) => picture),
    validation: measured,
    description: {
      form: dataset.form,
      sha256: dataset.sha256,
      pictures: dataset.pictures.length,
      clusters: new Set(clusters).size,
      /** Training pictures with a near-duplicate among the validation pictures. */
      straddling: learned.filter(({ cluster }) => validated.has(cluster)).length,
    },
  };
}

/** Whole clusters: a near-duplicate of a picture that was learned from would flatter the calibration. */
function chooseCalibration(clusters: readonly number[]): ReadonlySet<number> {
  const distinct = [...new Set(clusters)];
  const step = Math.min(CALIBRATION_STEP, distinct.length);
  return new Set(distinct.filter((_, index) => index % step === step - 1));
}

/** Of each picture the number of its cluster of near-duplicates. */
export async function clustersOf(
  pictures: readonly LabelledPicture[],
  classes: readonly ObjectClass[],
  onProgress: ProgressListener,
): Promise<number[]> {
  const defects = new Set(classes.filter(({ kind }) => kind === 'defect').map(({ name }) => name));
  const thumbnails: Thumbnails[] = [];
  for (const { boxes, read } of pictures) {
    const marks = boxes.filter(({ category }) => defects.has(category)).map(({ box }) => box);
    thumbnails.push(thumbnailsOf(await read(), marks));
    onProgress({ stage: 'comparing pictures', done: thumbnails.length, total: pictures.length });
  }
  return clusterPictures(thumbnails);
}

/** Those that the training pictures show. */
function classesOf(pictures: readonly LabelledPicture[], others: readonly ObjectClass[]): ObjectClass[] {
  const shown = new Set(pictures.flatMap(({ boxes }) => boxes.map(({ category }) => category)));
  const known = new Map([...KNOWN_CLASSES, ...others].map((each) => [each.name, each]));
  return [...known.values()].filter(({ name }) => shown.has(name));
}

export function nothingNamed(): BadInput {
  return new BadInput(
    'option-missing',
    'Name the pictures: --dataset DIR with --split FILE, or --rendered N, or both.',
  );
}

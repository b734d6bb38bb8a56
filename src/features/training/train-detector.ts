/** Trains, calibrates and measures the defect detector, and hands over the artefact. */
import { createLineInspection } from '../../catalogue/amalgamations/line-inspection/line-inspection.ts';
import { readBackbone } from '../../catalogue/models/coco-backbone/backbone.ts';
import { boxArea } from '../../core/geometry/box.ts';
import { architecture, augmentation, training } from '../../catalogue/models/defect-detector/defaults.ts';
import { uncalibrated, type DetectorClass } from '../../catalogue/models/defect-detector/parameters.ts';
import { requireTrainingBackend } from '../../catalogue/models/defect-detector/trainer.ts';
import {
  toTrainingPicture,
  type TrainingPicture,
} from '../../catalogue/models/defect-detector/training-picture.ts';
import { BadInput, Unavailable } from '../../core/domain/failure.ts';
import type { ModelArtifact } from '../../core/domain/model-artifact.ts';
import type { NamedWeights } from '../../core/domain/model-weights.ts';
import { ignoreProgress, type ProgressListener } from '../../core/domain/progress.ts';
import { quantile } from '../../core/statistics/quantile.ts';
import { assembleDetector } from './assemble-detector.ts';
import { calibrateDetector } from './calibrate-detector.ts';
import { cheatChecks } from './cheat-checks.ts';
import type { DetectorData, LabelledPicture } from './detector-data.ts';
import { detectorFigures, type DetectorFigures } from './detector-figures.ts';
import { fitDetector, type Validation } from './fit-detector.ts';
import { inspectPictures, requireKnownClasses } from './inspect-pictures.ts';
import { readStart } from './read-start.ts';
import { fingerprintOf, TrainingCheckpoint } from './training-checkpoint.ts';
import type { Epochs } from './training-schedule.ts';

export interface DetectorTrainingRequest {
  readonly data: DetectorData;
  readonly backbone: ModelArtifact;
  /** A detector that goes on learning, of the same classes and on the same backbone; left out, a new one. */
  readonly from?: ModelArtifact;
  /** Same seed, same data, same backend: same weights. */
  readonly seed: number;
  /** Passes over the training pictures, stage by stage; left out, the model's defaults. */
  readonly epochs?: Epochs;
  /** Where to keep what is half done; left out, a training that is killed starts anew. */
  readonly checkpointFolder?: string;
  readonly now: Date;
  /** Backend and package versions, for the manifest. */
  readonly environment: Readonly<Record<string, unknown>>;
}

const DEFAULT_EPOCHS: Epochs = {
  warmUp: training.warmUpEpochs,
  train: training.epochs,
  fineTune: training.fineTuneEpochs,
  settle: training.settleEpochs,
};

/** Needs native TensorFlow. */
export async function trainDetector(
  request: DetectorTrainingRequest,
  onProgress: ProgressListener,
): Promise<ModelArtifact> {
  const { data, seed, epochs = DEFAULT_EPOCHS } = request;
  requirePictures(data);
  requireTrainingBackend();
  requireMemory(data.training.length);
  const backbone = readBackbone(request.backbone);
  const from = request.from && readStart(request.from, data.classes, backbone.stemSpace);
  const pictures = await readPictures(data, onProgress);
  const basePixels = from?.basePixels ?? data.classes.map((_, index) => usualHalfSide(pictures, index));
  const settings = { architecture, training, augmentation, epochs };
  const checkpoint =
    request.checkpointFolder === undefined
      ? undefined
      : new TrainingCheckpoint(
          request.checkpointFolder,
          fingerprintOf(data.description, data.classes, seed, settings, backbone.stemSpace, from?.version),
        );
  const raw = uncalibrated(data.classes.map((each, i) => ({ ...each, basePixels: basePixels[i]! })));
  const assemble = (
    weights: NamedWeights,
    classes: readonly DetectorClass[],
    more: Partial<Pick<ModelArtifact['manifest'], 'record' | 'metrics'>> = {},
  ): ModelArtifact =>
    assembleDetector({
      weights,
      classes,
      stemSpace: backbone.stemSpace,
      record: {},
      metrics: {},
      now: request.now,
      ...more,
    });
  const open = (detector: ModelArtifact) => createLineInspection({ backbone: request.backbone, detector });

  const [watched] = data.measured;
  const fitted = await fitDetector(
    {
      backbone,
      classes: data.classes,
      basePixels,
      ...(from ? { start: from.weights } : {}),
      pictures,
      seed,
      epochs,
      ...(checkpoint ? { checkpoint } : {}),
      validate: async (weights) => {
        const inspection = open(assemble(weights, raw));
        const inspected = await inspectPictures(inspection, watched.pictures, ignoreProgress, '');
        inspection.dispose();
        return summarise(detectorFigures(inspected, watched.clusters, inspection.classes, 0));
      },
    },
    onProgress,
  );

  // What is stored is rounded: calibration and figures are those of the rounded weights.
  const uncalibratedInspection = open(assemble(fitted.weights, raw));
  const classes = await calibrateDetector(uncalibratedInspection, data.calibration, onProgress);
  uncalibratedInspection.dispose();
  const inspection = open(assemble(fitted.weights, classes));
  const metrics: Record<string, unknown> = {};
  for (const { name, pictures: measured, clusters } of data.measured) {
    const inspected = await inspectPictures(inspection, measured, onProgress, `measuring on ${name}`);
    metrics[name] = {
      ...detectorFigures(inspected, clusters, inspection.classes),
      shortcuts: await cheatChecks(inspection, measured, onProgress),
    };
  }
  inspection.dispose();
  const { weights, ...course } = fitted;
  return assemble(weights, classes, {
    metrics,
    record: {
      data: data.description,
      pictures: {
        training: data.training.length,
        calibration: data.calibration.length,
        ...Object.fromEntries(data.measured.map(({ name, pictures: some }) => [name, some.length])),
      },
      backbone: { version: backbone.version, stemSpace: backbone.stemSpace },
      ...(from ? { from: from.version } : {}),
      seed,
      settings,
      course,
      environment: request.environment,
    },
  });
}

/** Training watches the mean average precision of all classes that the validation pictures show. */
function summarise({ classes }: DetectorFigures): Validation {
  const shown = Object.entries(classes).flatMap(([name, { ap50, ap75, ap50to95 }]) =>
    ap50 && ap75 && ap50to95 ? [{ name, values: [ap50.value, ap75.value, ap50to95.value] as const }] : [],
  );
  const score = shown.reduce((sum, { values }) => sum + values[2], 0) / shown.length;
  const parts = shown.map(
    ({ name, values }) => `${name} ${values.map((value) => value.toFixed(3)).join(' ')}`,
  );
  return { score, note: `AP50, AP75, AP50:95: ${parts.join(', ')}` };
}

function requirePictures(data: DetectorData): void {
  const parts: Record<string, readonly LabelledPicture[]> = {
    training: data.training,
    calibration: data.calibration,
  };
  for (const { name, pictures } of data.measured) parts[name] = pictures;
  const empty = Object.entries(parts).find(([, pictures]) => pictures.length === 0);
  if (empty) {
    throw new BadInput('dataset-empty', `There is no picture for ${empty[0]}; at least one is needed.`);
  }
  for (const pictures of Object.values(parts)) requireKnownClasses(pictures, data.classes);
  const [watched] = data.measured;
  if (watched.pictures.some(({ boxes }) => boxes.length > 0)) return;
  throw new BadInput(
    'dataset-empty',
    `None of the pictures for ${watched.name} shows anything: when training has done enough could not be told.`,
  );
}

/** Pictures are kept in memory as large as the frame; the network, its gradients and the optimiser take the rest. */
const WORKING_BYTES = 3.2e9;

function requireMemory(pictures: number): void {
  const { inputWidth, inputHeight } = architecture;
  const needed = WORKING_BYTES + pictures * inputWidth * inputHeight * 3;
  const free = process.availableMemory();
  if (free >= needed) return;
  const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);
  throw new Unavailable(
    'memory-short',
    `Training on ${pictures} pictures needs about ${gigabytes(needed)} GB of memory, and ${gigabytes(free)} GB are free: use fewer pictures or a machine with more.`,
  );
}

async function readPictures(data: DetectorData, onProgress: ProgressListener): Promise<TrainingPicture[]> {
  const place = new Map(data.classes.map(({ name }, index) => [name, index]));
  const pictures: TrainingPicture[] = [];
  for (const picture of data.training) {
    const objects = picture.boxes.map(({ category, box }) => ({ classIndex: place.get(category)!, box }));
    const scaled = toTrainingPicture(await picture.read(), objects);
    pictures.push(picture.isDrawn ? { ...scaled, isDrawn: true } : scaled);
    onProgress({ stage: 'reading pictures', done: pictures.length, total: data.training.length });
  }
  return pictures;
}

/** Median over the training pictures, px of the frame: what the first stage measures boxes in. */
function usualHalfSide(pictures: readonly TrainingPicture[], classIndex: number): number {
  const halves = pictures.flatMap(({ objects }) =>
    objects
      .filter((object) => object.classIndex === classIndex)
      .map(({ box }) => Math.sqrt(boxArea(box)) / 2),
  );
  if (halves.length > 0) return Math.round(quantile(halves, 0.5));
  throw new BadInput(
    'dataset-class',
    'A class has no box on the training pictures; leave it out of the data.',
  );
}

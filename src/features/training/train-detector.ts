/** Trains, calibrates and measures the defect detector, and hands over the artefact. */
import { createHash } from 'node:crypto';
import { createLineInspection } from '../../catalogue/amalgamations/line-inspection/line-inspection.ts';
import { initialWeights } from '../../catalogue/models/defect-detector/architecture.ts';
import { training } from '../../catalogue/models/defect-detector/defaults.ts';
import { uncalibrated, type DetectorParameters } from '../../catalogue/models/defect-detector/parameters.ts';
import { computeSpaces } from '../../catalogue/models/defect-detector/spaces.ts';
import {
  createTrainer,
  requireTrainingBackend,
  type BatchLosses,
} from '../../catalogue/models/defect-detector/trainer.ts';
import {
  toExample,
  varyExample,
  type TrainingExample,
} from '../../catalogue/models/defect-detector/training-example.ts';
import { MODEL_NAME } from '../../catalogue/models/defect-detector/validate.ts';
import { BadInput } from '../../core/domain/failure.ts';
import type { ModelArtifact } from '../../core/domain/model-artifact.ts';
import { packWeights, type NamedWeights } from '../../core/domain/model-weights.ts';
import type { ProgressListener } from '../../core/domain/progress.ts';
import { createRandom, type Random } from '../../core/statistics/random.ts';
import { calibrateDetector } from './calibrate-detector.ts';
import type { DetectorData, LabelledPicture } from './detector-pictures.ts';
import { evaluateDetector } from './evaluate-detector.ts';

export interface DetectorTrainingRequest {
  readonly data: DetectorData;
  /** Same seed, same data, same backend: same weights. */
  readonly seed: number;
  /** Passes over the training pictures; left out, the model's default. */
  readonly epochs?: number;
  readonly now: Date;
  /** Backend and package versions, for the manifest. */
  readonly environment: Readonly<Record<string, unknown>>;
}

/** Needs a backend that can train: native, or cpu for a handful of pictures. */
export async function trainDetector(
  request: DetectorTrainingRequest,
  onProgress: ProgressListener,
): Promise<ModelArtifact> {
  const { data, seed } = request;
  for (const part of ['training', 'calibration', 'validation'] as const) {
    if (data[part].length === 0) {
      throw new BadInput('dataset-empty', `There is no picture for ${part}; at least one is needed.`);
    }
  }
  requireTrainingBackend();
  const random = createRandom(seed);
  const examples = await readExamples(data.training, onProgress);
  const weights = await fitWeights(random, examples, request.epochs ?? training.epochs, onProgress);

  const raw = uncalibrated(computeSpaces(weights));
  const inspection = createLineInspection(assemble(request, weights, raw, {}));
  const calibration = await calibrateDetector(inspection, data.calibration, onProgress);
  inspection.dispose();

  const parameters = { ...raw, calibration };
  const calibrated = createLineInspection(assemble(request, weights, parameters, {}));
  const metrics = await evaluateDetector(calibrated, parameters.thresholds, data.validation, onProgress);
  calibrated.dispose();
  return assemble(request, weights, parameters, { validation: metrics });
}

async function readExamples(
  pictures: readonly LabelledPicture[],
  onProgress: ProgressListener,
): Promise<TrainingExample[]> {
  const examples: TrainingExample[] = [];
  for (const picture of pictures) {
    const { pixels, objects } = await picture.read();
    examples.push(toExample(pixels, objects));
    onProgress({ stage: 'reading pictures', done: examples.length, total: pictures.length });
  }
  return examples;
}

async function fitWeights(
  random: Random,
  examples: readonly TrainingExample[],
  epochs: number,
  onProgress: ProgressListener,
): Promise<NamedWeights> {
  const batches = Math.max(1, Math.floor(examples.length / training.batchSize));
  const steps = batches * epochs;
  const trainer = createTrainer(initialWeights(random.fork('weights')), steps);
  const draws = random.fork('batches');
  try {
    let smoothed: BatchLosses | undefined;
    for (let epoch = 0; epoch < epochs; epoch++) {
      const order = shuffle(draws, examples);
      for (let batch = 0; batch < batches; batch++) {
        const first = batch * training.batchSize;
        const chosen = order.slice(first, first + training.batchSize);
        const losses = trainer.step(
          draws,
          chosen.map((example) => varyExample(draws, example)),
        );
        smoothed = smooth(smoothed, losses);
        onProgress({
          stage: 'training the detector',
          done: epoch * batches + batch + 1,
          total: steps,
          note: describeLosses(smoothed),
        });
        // Lets timers and signals through between the long synchronous steps.
        await new Promise(setImmediate);
      }
    }
    return await trainer.weights();
  } finally {
    trainer.dispose();
  }
}

/** A moving mean over about 20 steps. */
function smooth(before: BatchLosses | undefined, now: BatchLosses): BatchLosses {
  if (before === undefined) return now;
  const follow = (from: number, to: number): number => from + 0.05 * (to - from);
  return {
    heat: follow(before.heat, now.heat),
    box: follow(before.box, now.box),
    defect: follow(before.defect, now.defect),
  };
}

function describeLosses({ heat, box, defect }: BatchLosses): string {
  return `losses: objects ${heat.toFixed(3)}, boxes ${box.toFixed(3)}, defects ${defect.toFixed(3)}`;
}

function assemble(
  { data, seed, epochs, now, environment }: DetectorTrainingRequest,
  weights: NamedWeights,
  parameters: DetectorParameters,
  metrics: Readonly<Record<string, unknown>>,
): ModelArtifact {
  const { bytes, entries } = packWeights(weights);
  const weightsSha256 = createHash('sha256').update(bytes).digest('hex');
  const createdAt = now.toISOString();
  const version = `${createdAt.slice(0, 19).replaceAll(':', '-')}Z-${weightsSha256.slice(0, 8)}`;
  return {
    manifest: {
      formatVersion: 1,
      model: MODEL_NAME,
      version,
      createdAt,
      record: {
        data: data.description,
        pictures: {
          training: data.training.length,
          calibration: data.calibration.length,
          validation: data.validation.length,
        },
        seed,
        settings: { ...training, epochs: epochs ?? training.epochs },
        environment,
      },
      metrics,
      parameters: { ...parameters },
      weights: entries,
      weightsSha256,
    },
    weights: bytes,
  };
}

function shuffle<T>(random: Random, entries: readonly T[]): T[] {
  const order = [...entries];
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random.uniform() * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}

/** Fits a detector's weights: stage by stage, with checkpoints, until the schedule or the validation says enough. */
import type { BackboneWeights } from '../../catalogue/models/coco-backbone/backbone.ts';
import { architecture, training, type ObjectClass } from '../../catalogue/models/defect-detector/defaults.ts';
import { createTrainer, type BatchLosses } from '../../catalogue/models/defect-detector/trainer.ts';
import type { TrainingPicture } from '../../catalogue/models/defect-detector/training-picture.ts';
import { varyPicture } from '../../catalogue/models/defect-detector/vary-picture.ts';
import { drawHeads } from '../../catalogue/models/defect-detector/weight-shapes.ts';
import { explainDeviceFailure } from '../../core/domain/device-failure.ts';
import type { NamedWeights } from '../../core/domain/model-weights.ts';
import type { ProgressListener } from '../../core/domain/progress.ts';
import { createRandom, type Random } from '../../core/statistics/random.ts';
import type { TrainingCheckpoint } from './training-checkpoint.ts';
import { planStages, ratesAt, type Epochs, type Stage } from './training-schedule.ts';

export interface FitRequest {
  readonly backbone: BackboneWeights;
  readonly classes: readonly ObjectClass[];
  readonly basePixels: readonly number[];
  /** Learner and heads to begin with; left out, the backbone's learner and heads drawn at random. */
  readonly start?: NamedWeights;
  readonly pictures: readonly TrainingPicture[];
  readonly seed: number;
  readonly epochs: Epochs;
  readonly checkpoint?: TrainingCheckpoint;
  /** What the weights are worth on pictures that are not learned from. */
  readonly validate: (weights: NamedWeights) => Promise<Validation>;
}

export interface Validation {
  /** Larger is better. */
  readonly score: number;
  /** For people. */
  readonly note: string;
}

export interface Fitted {
  readonly weights: NamedWeights;
  /** After which pass the weights were best (0: as they came), what they scored, and how many passes there were. */
  readonly epoch: number;
  readonly score: number;
  readonly epochs: number;
  /** All runs together. */
  readonly minutes: number;
}

/** Losses that are shown are a moving mean over about so many steps. */
const SHOWN_STEPS = 25;

/** What happens in a step depends on seed and step alone: a training that goes on ends where it would have. */
export async function fitDetector(request: FitRequest, onProgress: ProgressListener): Promise<Fitted> {
  const { backbone, basePixels, pictures, epochs, checkpoint } = request;
  const random = createRandom(request.seed);
  const begun = performance.now();
  const saved = await checkpoint?.read();
  const trainer = createTrainer({
    stem: backbone.stem,
    weights: saved?.weights ??
      request.start ?? {
        ...backbone.learner,
        ...drawHeads(random.fork('heads'), request.classes.length),
      },
    ...(saved ? { state: saved.state } : {}),
    basePixels,
  });
  const stepsPerEpoch = Math.ceil(pictures.length / training.batchSize);
  const stages = planStages(epochs, { width: architecture.inputWidth, height: architecture.inputHeight });
  const lastEpoch = stages.at(-1)!.end;
  let best = saved?.best ?? null;
  if (!saved && request.start) {
    // What goes on learning must not end worse than it began.
    const { score, note } = await request.validate(request.start);
    onProgress({ stage: 'validated as it came', done: 1, total: 1, note });
    best = { score, epoch: 0, weights: request.start };
  }
  let shown: BatchLosses | undefined;
  const seconds = (): number => (saved?.seconds ?? 0) + (performance.now() - begun) / 1000;
  const keep = async (step: number): Promise<void> => {
    await checkpoint?.write({
      step,
      seconds: seconds(),
      weights: trainer.weights(),
      state: trainer.state(),
      best,
    });
  };
  const clock = startClock();
  let epoch = Math.floor((saved?.step ?? 0) / stepsPerEpoch);
  try {
    for (let step = saved?.step ?? 0; step < lastEpoch * stepsPerEpoch; step++) {
      epoch = Math.floor(step / stepsPerEpoch);
      const stage = stages.find(({ end }) => epoch < end)!;
      const draw = random.fork(`step ${step}`);
      const deck = deckOf(request, stage, epoch);
      const windows = batchOf(random, epoch, step % stepsPerEpoch, deck).map((index) =>
        varyPicture(draw, { pictures, classes: request.classes, ...stage.window, ...stage }, index),
      );
      const losses = trainer.step(windows, {
        rates: ratesAt(step, stepsPerEpoch, epochs),
        crops: stage.crops,
        random: draw,
      });
      shown = follow(shown, losses);
      onProgress({
        stage: `${stage.name}, pass ${epoch - stage.first + 1} of ${stage.end - stage.first}`,
        done: (step % stepsPerEpoch) + 1,
        total: stepsPerEpoch,
        note: `${describe(shown)} · ${clock.left(step + 1, lastEpoch * stepsPerEpoch)}`,
      });
      // Lets timers and signals through between the long synchronous steps.
      await new Promise(setImmediate);
      const endsEpoch = (step + 1) % stepsPerEpoch === 0;
      if (endsEpoch && stage.name !== 'warm-up') {
        const weights = trainer.weights();
        const { score, note } = await request.validate(weights);
        onProgress({ stage: `validated after ${stage.name}, pass ${epoch - stage.first + 1}`, done: 1, total: 1, note }); // prettier-ignore
        if (best === null || score >= best.score) best = { score, epoch: epoch + 1, weights };
        if (epoch + 1 - best.epoch >= training.patience) break;
      }
      if (endsEpoch || (step + 1) % training.checkpointSteps === 0) await keep(step + 1);
    }
    const fitted = best ?? { score: NaN, epoch: epoch + 1, weights: trainer.weights() };
    return { ...fitted, epochs: epoch + 1, minutes: seconds() / 60 };
  } catch (failure) {
    throw explainDeviceFailure(failure);
  } finally {
    trainer.dispose();
  }
}

/** Places of the pictures that a pass shows, each as often as the stage wants it. */
function deckOf(
  { pictures, classes }: FitRequest,
  { shows: { withDefect, withoutDefect, drawn } }: Stage,
  epoch: number,
): number[] {
  if (pictures.every(({ isDrawn }) => isDrawn)) return pictures.map((_, index) => index);
  return pictures.flatMap(({ objects, isDrawn }, index) => {
    const shows = objects.some(({ classIndex }) => classes[classIndex]!.kind === 'defect')
      ? withDefect
      : withoutDefect;
    // A share of a half shows each drawn picture in every second pass.
    const times = isDrawn ? Number((index + epoch) % Math.round(1 / drawn) === 0) : shows;
    return new Array<number>(times).fill(index);
  });
}

/** The deck in an order of the pass's own; where it is too short it begins again. */
function batchOf(random: Random, epoch: number, batch: number, deck: readonly number[]): number[] {
  const order = [...deck];
  const draw = random.fork(`order ${epoch}`);
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(draw.uniform() * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  const { batchSize } = training;
  return Array.from({ length: batchSize }, (_, i) => order[(batch * batchSize + i) % order.length]!);
}

function follow(before: BatchLosses | undefined, now: BatchLosses): BatchLosses {
  if (before === undefined) return now;
  const move = (from: number, to: number): number => from + (to - from) / SHOWN_STEPS;
  return {
    heat: move(before.heat, now.heat),
    box: move(before.box, now.box),
    class: move(before.class, now.class),
    refine: move(before.refine, now.refine),
  };
}

function describe(losses: BatchLosses): string {
  const parts = Object.entries(losses).map(([name, loss]) => `${name} ${loss.toFixed(3)}`);
  return `losses: ${parts.join(', ')}`;
}

/** From the pace of this run. */
function startClock(): { left(done: number, total: number): string } {
  const begun = performance.now();
  let first: number | undefined;
  return {
    left(done, total) {
      first ??= done - 1;
      const minutes = (((performance.now() - begun) / 60_000) * (total - done)) / (done - first);
      return minutes < 1 ? 'less than a minute left' : `about ${Math.round(minutes)} min left`;
    },
  };
}

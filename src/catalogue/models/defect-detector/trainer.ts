/** Teaches learner and heads together on batches of windows; the shared stem stays as it is. */
import * as tf from '@tensorflow/tfjs';
import { Unavailable } from '../../../core/domain/failure.ts';
import type { NamedWeight, NamedWeights } from '../../../core/domain/model-weights.ts';
import type { Random } from '../../../core/statistics/random.ts';
import { stemFeatureMaps } from '../coco-backbone/stem.ts';
import { createAdam } from './adam.ts';
import { training, type CropPlan } from './defaults.ts';
import { toInputTensor } from './preprocess.ts';
import type { TrainingPicture } from './training-picture.ts';
import { LOSSES, windowLosses, type LossName } from './window-losses.ts';

/** The parts of the loss, each before its weight. */
export type BatchLosses = Readonly<Record<LossName, number>>;

export interface Rates {
  readonly learner: number;
  readonly heads: number;
}

export interface StepPlan {
  /** Step sizes; what rests is not even differentiated. */
  readonly rates: Rates;
  readonly crops: CropPlan;
  readonly random: Random;
}

export interface Trainer {
  /** @returns the losses before the step; @throws Unavailable where they are no longer finite */
  step(windows: readonly TrainingPicture[], plan: StepPlan): BatchLosses;
  /** Learner and heads. */
  weights(): Record<string, NamedWeight>;
  /** Of the optimiser. */
  state(): NamedWeights;
  dispose(): void;
}

export interface TrainerStart {
  /** Of the shared stem; stays as it is. */
  readonly stem: NamedWeights;
  /** Learner and heads. */
  readonly weights: NamedWeights;
  /** Of an optimiser that was stopped. */
  readonly state?: NamedWeights;
  readonly basePixels: readonly number[];
}

/** To be asked before any work that only training needs. */
export function requireTrainingBackend(): void {
  if (tf.getBackend() === 'tensorflow') return;
  throw new Unavailable(
    'training-needs-native',
    `The backend ${tf.getBackend()} lacks gradients that training needs, or gets them wrong: run \`npm run tensorflow\` once to build native TensorFlow.`,
  );
}

export function createTrainer({ stem, weights, state, basePixels }: TrainerStart): Trainer {
  requireTrainingBackend();
  const stemTensors = toTensors(stem);
  const variables: Record<string, tf.Variable> = {};
  for (const [name, { shape, values }] of Object.entries(weights)) {
    variables[name] = tf.tidy(() => tf.variable(tf.tensor(values, [...shape]), true));
  }
  const adam = createAdam(variables, state);

  return {
    step(windows, { rates, crops, random }) {
      const moved = Object.entries(variables).filter(([name]) => rateOf(rates, name) > 0);
      return tf.tidy(() => {
        const sums: Record<string, tf.Tensor> = {};
        const losses: Record<LossName, number> = { heat: 0, box: 0, class: 0, refine: 0 };
        const { width, height } = windows[0]!;
        const atOnce = Math.max(1, Math.floor(training.pixelsAtOnce / (width * height)));
        const parts = Math.ceil(windows.length / atOnce);
        const size = Math.ceil(windows.length / parts);
        for (let part = 0; part < parts; part++) {
          const some = windows.slice(part * size, (part + 1) * size);
          const features = stemFeatureMaps(stemTensors, windowTensor(some));
          let lossParts: tf.Tensor1D | undefined;
          const { grads } = tf.variableGrads(
            () => {
              const each = windowLosses(variables, features, some, { basePixels, crops, random });
              lossParts = tf.keep(tf.stack(LOSSES.map((name) => each[name])) as tf.Tensor1D);
              const { box, class: classes, refine } = training.lossWeights;
              return tf.sum(tf.mul(tf.stack(LOSSES.map((name) => each[name])), [1, box, classes, refine]));
            },
            moved.map(([, variable]) => variable),
          );
          features.dispose();
          const values = lossParts!.dataSync();
          lossParts!.dispose();
          LOSSES.forEach((name, index) => (losses[name] += values[index]! / parts));
          for (const [name, variable] of moved) {
            const gradient = grads[variable.name];
            if (!gradient) continue;
            const former = sums[name];
            sums[name] = former ? tf.add(former, gradient) : gradient;
            if (former) tf.dispose([former, gradient]);
          }
        }
        requireFinite(losses);
        adam.apply(shorten(sums, 1 / parts), (name) => rateOf(rates, name));
        return losses;
      });
    },
    weights() {
      const named: Record<string, NamedWeight> = {};
      for (const [name, variable] of Object.entries(variables)) {
        named[name] = { shape: variable.shape, values: Float32Array.from(variable.dataSync()) };
      }
      return named;
    },
    state: () => adam.state(),
    dispose() {
      adam.dispose();
      tf.dispose(variables);
      tf.dispose(stemTensors);
    },
  };
}

function rateOf(rates: Rates, name: string): number {
  return name.startsWith('task/') ? rates.heads : rates.learner;
}

function toTensors(weights: NamedWeights): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(weights).map(([name, { shape, values }]) => [name, tf.tensor(values, [...shape])]),
  );
}

function windowTensor(windows: readonly TrainingPicture[]): tf.Tensor4D {
  const { width, height } = windows[0]!;
  const bytes = width * height * 3;
  const frames = new Uint8Array(windows.length * bytes);
  windows.forEach(({ data }, index) => frames.set(data, index * bytes));
  return toInputTensor(frames, windows.length, { width, height }); // [windows, height, width, 3]
}

/** Keeps the direction and bounds the length over all weights together. */
function shorten(gradients: Record<string, tf.Tensor>, factor: number): Record<string, tf.Tensor> {
  const length = tf.mul(tf.sqrt(tf.addN(Object.values(gradients).map((g) => tf.sum(tf.square(g))))), factor);
  const share = tf.mul(tf.minimum(1, tf.div(training.gradientNorm, tf.add(length, 1e-9))), factor);
  return Object.fromEntries(Object.entries(gradients).map(([name, g]) => [name, tf.mul(g, share)]));
}

function requireFinite(losses: Record<string, number>): void {
  const lost = Object.entries(losses).find(([, value]) => !Number.isFinite(value));
  if (!lost) return;
  throw new Unavailable(
    'training-diverged',
    `The ${lost[0]} loss is ${lost[1]}: training has diverged. Start again with another seed or smaller step sizes.`,
  );
}

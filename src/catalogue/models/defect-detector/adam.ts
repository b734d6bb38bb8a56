/** Adam (Kingma and Ba, 2015) with its state by name, so that training can be stopped and taken up again. */
import * as tf from '@tensorflow/tfjs';
import type { NamedWeight, NamedWeights } from '../../../core/domain/model-weights.ts';

const [DECAY_MEAN, DECAY_SQUARE, FLOOR] = [0.9, 0.999, 1e-8];

export interface Adam {
  /** Moves each variable that has a gradient. @param rateOf step size of a variable, by its name */
  apply(gradients: Readonly<Record<string, tf.Tensor>>, rateOf: (name: string) => number): void;
  /** Running means and squares, and the steps that each variable has taken. */
  state(): NamedWeights;
  dispose(): void;
}

interface Moments {
  readonly mean: tf.Variable;
  readonly square: tf.Variable;
  steps: number;
}

/** @param state what `state()` gave earlier; the variables keep their names and shapes */
export function createAdam(variables: Readonly<Record<string, tf.Variable>>, state: NamedWeights = {}): Adam {
  const moments: Record<string, Moments> = {};
  const restore = (name: string, shape: readonly number[]): tf.Variable =>
    tf.tidy(() => {
      const saved = state[name];
      return tf.variable(saved ? tf.tensor(saved.values, [...shape]) : tf.zeros([...shape]), false);
    });
  for (const [name, { shape }] of Object.entries(variables)) {
    moments[name] = {
      mean: restore(`mean/${name}`, shape),
      square: restore(`square/${name}`, shape),
      steps: state[`steps/${name}`]?.values[0] ?? 0,
    };
  }
  return {
    apply(gradients, rateOf) {
      for (const [name, gradient] of Object.entries(gradients)) {
        const own = moments[name]!;
        const variable = variables[name]!;
        own.steps += 1;
        tf.tidy(() => {
          own.mean.assign(tf.add(tf.mul(own.mean, DECAY_MEAN), tf.mul(gradient, 1 - DECAY_MEAN)));
          own.square.assign(
            tf.add(tf.mul(own.square, DECAY_SQUARE), tf.mul(tf.square(gradient), 1 - DECAY_SQUARE)),
          );
          const meanBias = 1 - DECAY_MEAN ** own.steps;
          const squareBias = 1 - DECAY_SQUARE ** own.steps;
          const length = tf.add(tf.sqrt(tf.div(own.square, squareBias)), FLOOR);
          variable.assign(tf.sub(variable, tf.mul(tf.div(own.mean, length), rateOf(name) / meanBias)));
        });
      }
    },
    state() {
      const named: Record<string, NamedWeight> = {};
      for (const [name, { mean, square, steps }] of Object.entries(moments)) {
        named[`mean/${name}`] = { shape: mean.shape, values: Float32Array.from(mean.dataSync()) };
        named[`square/${name}`] = { shape: square.shape, values: Float32Array.from(square.dataSync()) };
        named[`steps/${name}`] = { shape: [1], values: Float32Array.of(steps) };
      }
      return named;
    },
    dispose() {
      for (const { mean, square } of Object.values(moments)) tf.dispose([mean, square]);
    },
  };
}

/** Adam moves as its paper says, and goes on from a saved state as if it had never stopped. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createAdam } from './adam.ts';

beforeAll(() => tf.setBackend('cpu'));

const gradients = [0.5, -2, 3, 0.1];

function descend(from: number, steps: readonly number[], state = {}) {
  const variables = { w: tf.tidy(() => tf.variable(tf.scalar(from))) };
  const adam = createAdam(variables, state);
  for (const gradient of steps) tf.tidy(() => adam.apply({ w: tf.scalar(gradient) }, () => 0.1));
  const end = { value: variables.w.dataSync()[0]!, state: adam.state() };
  adam.dispose();
  variables.w.dispose();
  return end;
}

/** The paper's algorithm 1 in double precision. */
function byHand(from: number): number {
  let [m, v, w] = [0, 0, from];
  gradients.forEach((g, i) => {
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    w -= (0.1 * (m / (1 - 0.9 ** (i + 1)))) / (Math.sqrt(v / (1 - 0.999 ** (i + 1))) + 1e-8);
  });
  return w;
}

describe('createAdam', () => {
  it('moves as the paper says', () => {
    expect(descend(1, gradients).value).toBeCloseTo(byHand(1), 5);
  });

  it('ends at the same place when stopped half-way and taken up again', () => {
    const half = descend(1, gradients.slice(0, 2));
    expect(descend(half.value, gradients.slice(2), half.state).value).toBe(descend(1, gradients).value);
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    descend(1, gradients);
    expect(tf.memory().numTensors).toBe(before);
  });
});

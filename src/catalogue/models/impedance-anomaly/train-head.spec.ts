import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../../core/statistics/random.ts';
import { Head } from './head.ts';
import { HEAD_SETTINGS, headLogits, trainHead, type HeadExamples } from './train-head.ts';

const INPUTS = 5;
const COUNT = 300;

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** The first input decides; kinds follow the second. */
function examples(): HeadExamples {
  const random = createRandom(8);
  const inputs = Float32Array.from({ length: COUNT * INPUTS }, () => random.normal());
  const row = (at: number) => inputs.subarray(at * INPUTS, (at + 1) * INPUTS);
  return {
    inputs,
    targets: Float32Array.from({ length: COUNT }, (_, i) => (row(i)[0]! > 0 ? 1 : 0)),
    weights: new Float32Array(COUNT).fill(1),
    kinds: Int32Array.from({ length: COUNT }, (_, i) => (row(i)[0]! > 0 ? (row(i)[1]! > 0 ? 1 : 0) : -1)),
    kindCount: 2,
    healthy: 0,
    weather: new Float32Array(0),
  };
}

/** Half are healthy; the first input tells them apart, poorly, and the second is the weather, hot where a defect was seen. */
function hotDefects(): HeadExamples {
  const random = createRandom(9);
  const healthy = 2_000;
  const isHealthy = (at: number) => at < healthy;
  const rows = Array.from({ length: 2 * healthy }, (_, at) => [
    random.normal() + (isHealthy(at) ? 0 : 1),
    random.normal() + (isHealthy(at) ? 0 : 1),
    0,
    0,
    0,
  ]);
  return {
    inputs: Float32Array.from(rows.flat()),
    targets: Float32Array.from(rows, (_, at) => (isHealthy(at) ? 0 : 1)),
    weights: new Float32Array(rows.length).fill(1),
    kinds: new Int32Array(rows.length).fill(-1),
    kindCount: 0,
    healthy,
    weather: Float32Array.from(rows.slice(0, healthy), ([, weather]) => weather!),
  };
}

/** Squared correlation of the healthy logits with the weather. */
async function followsWeather(weatherPenalty: number): Promise<number> {
  const examples = hotDefects();
  const head = new Head(await trainHead(examples, createRandom(4), { ...HEAD_SETTINGS, weatherPenalty }));
  const logits = new Float64Array(1);
  const pairs = Array.from(examples.weather, (weather, at) => {
    head.forward(examples.inputs.subarray(at * INPUTS, (at + 1) * INPUTS), logits);
    return [weather, logits[0]!] as const;
  });
  const mean = (value: (pair: readonly [number, number]) => number) =>
    pairs.reduce((sum, pair) => sum + value(pair), 0) / pairs.length;
  const [x, y] = [mean(([weather]) => weather), mean(([, logit]) => logit)];
  const covariance = mean(([weather, logit]) => (weather - x) * (logit - y));
  return covariance ** 2 / (mean(([weather]) => (weather - x) ** 2) * mean(([, logit]) => (logit - y) ** 2));
}

describe('trainHead', () => {
  it('learns, repeats itself with the same seed, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const [one, two] = [
      await trainHead(examples(), createRandom(1)),
      await trainHead(examples(), createRandom(1)),
    ];
    expect(tf.memory().numTensors).toBe(before);
    expect(one).toEqual(two);
    const head = new Head(one);
    const logits = new Float64Array(head.outputs);
    const data = examples();
    let right = 0;
    for (let i = 0; i < COUNT; i++) {
      head.forward(data.inputs.subarray(i * INPUTS, (i + 1) * INPUTS), logits);
      if (logits[0]! > 0 === data.targets[i]! > 0.5) right++;
    }
    expect(right / COUNT).toBeGreaterThan(0.9);
  });

  it('scores in plain arrays as TensorFlow does', async () => {
    const weights = await trainHead(examples(), createRandom(2));
    const data = examples();
    const hidden = weights.hiddenBias.length;
    const expected = tf.tidy(() => [
      ...headLogits(
        {
          hiddenKernel: tf.tensor2d(weights.hiddenKernel, [INPUTS, hidden]),
          hiddenBias: tf.tensor1d(weights.hiddenBias),
          outputKernel: tf.tensor2d(weights.outputKernel, [hidden, 3]),
          skipKernel: tf.tensor2d(weights.skipKernel, [INPUTS, 3]),
          outputBias: tf.tensor1d(weights.outputBias),
        },
        tf.tensor2d(data.inputs, [COUNT, INPUTS]),
      ).dataSync(),
    ]);
    const head = new Head(weights);
    const logits = new Float64Array(3);
    for (let i = 0; i < COUNT; i++) {
      head.forward(data.inputs.subarray(i * INPUTS, (i + 1) * INPUTS), logits);
      // float32 against float64, a few dozen products of order ten.
      for (let k = 0; k < 3; k++) expect(Math.abs(logits[k]! - expected[i * 3 + k]!)).toBeLessThan(1e-4);
    }
  });

  it('does not let healthy logits follow the weather, also where defects were seen in the heat', async () => {
    // The two inputs tell as much: half of the variance is the weather's if nothing is done about it.
    expect(await followsWeather(0)).toBeGreaterThan(0.3);
    expect(await followsWeather(HEAD_SETTINGS.weatherPenalty)).toBeLessThan(0.02);
  });
});

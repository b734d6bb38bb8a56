/** Training goes downhill, repeats itself, leaves nothing behind, and says where it cannot be done. */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../core/statistics/random.ts';
import { findNativeBinding } from '../../../platform/compute/load-native.ts';
import { prepareCompute } from '../../../platform/compute/choose-backend.ts';
import { initialWeights } from './architecture.ts';
import { architecture, training } from './defaults.ts';
import { createTrainer, learningRateAt, type BatchLosses } from './trainer.ts';
import type { TrainingExample } from './training-example.ts';

/** A bright square, the insulator, on noise. */
function example(seed: number): TrainingExample {
  const random = createRandom(seed);
  const { inputWidth, inputHeight } = architecture;
  const frame = Uint8Array.from({ length: inputWidth * inputHeight * 3 }, () => 90 * random.uniform());
  const [left, top, side] = [40 + Math.floor(200 * random.uniform()), 60, 80];
  for (let row = top; row < top + side; row++) {
    frame.fill(230, (row * inputWidth + left) * 3, (row * inputWidth + left + side) * 3);
  }
  const box = [left, top, left + side, top + side] as const;
  return { frame, objects: [{ category: 'insulator', defective: seed % 2 === 0, box }] };
}

async function learn(steps: number): Promise<{ losses: BatchLosses[]; first: number[] }> {
  const trainer = createTrainer(initialWeights(createRandom(1)), steps);
  const random = createRandom(2);
  const losses = Array.from({ length: steps }, () => trainer.step(random, [example(1), example(2)]));
  const first = Array.from((await trainer.weights())['stem/entry/kernel']!.values);
  trainer.dispose();
  return { losses, first };
}

describe('learningRateAt', () => {
  it('rises over the warm-up and falls to a hundredth at the end', () => {
    expect(learningRateAt(0, 1000)).toBeLessThan(training.learningRate * 0.02);
    expect(learningRateAt(training.warmUpSteps, 1000)).toBeGreaterThan(training.learningRate * 0.95);
    expect(learningRateAt(1000, 1000)).toBeCloseTo(training.learningRate * 0.01, 12);
  });
});

describe('createTrainer', () => {
  it('refuses WebAssembly, which lacks the gradients, and says what to do', async () => {
    await prepareCompute('wasm');
    expect(() => createTrainer(initialWeights(createRandom(1)), 10)).toThrow('npm run tensorflow');
  });

  it.runIf(findNativeBinding() !== undefined)(
    'goes downhill, gives the same weights again, and leaves no tensor behind',
    async () => {
      await prepareCompute('native');
      const before = tf.memory().numTensors;
      const [once, again] = [await learn(12), await learn(12)];
      const total = ({ heat, box }: BatchLosses): number => heat + box;
      expect(total(once.losses.at(-1)!)).toBeLessThan(total(once.losses[0]!) * 0.8);
      expect(again).toEqual(once);
      expect(tf.memory().numTensors).toBe(before);
    },
    60_000,
  );
});

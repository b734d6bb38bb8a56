/** Training goes downhill, repeats itself, goes on from where it stopped, and leaves nothing behind. */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { untrainedBackbone } from '../../../../test/support/untrained-models.ts';
import { createRandom } from '../../../core/statistics/random.ts';
import { prepareCompute } from '../../../platform/compute/choose-backend.ts';
import { findNativeBinding } from '../../../platform/compute/load-native.ts';
import { readBackbone } from '../coco-backbone/backbone.ts';
import { training } from './defaults.ts';
import { createTrainer, type BatchLosses, type Trainer } from './trainer.ts';
import type { TrainingPicture } from './training-picture.ts';
import { drawHeads } from './weight-shapes.ts';

/** A bright square, the object, on noise. */
function window(seed: number): TrainingPicture {
  const random = createRandom(seed);
  const [width, height] = [128, 96];
  const data = Uint8Array.from({ length: width * height * 3 }, () => 90 * random.uniform());
  const [left, top, side] = [10 + Math.floor(60 * random.uniform()), 20, 48];
  for (let row = top; row < top + side; row++) {
    data.fill(230, (row * width + left) * 3, (row * width + left + side) * 3);
  }
  return { data, width, height, objects: [{ classIndex: 0, box: [left, top, left + side, top + side] }] };
}

const { stem, learner } = readBackbone(untrainedBackbone(1));
const basePixels = [24, 12];
const start = () => ({ stem, weights: { ...learner, ...drawHeads(createRandom(1), 2) }, basePixels });

function run(trainer: Trainer, from: number, to: number): BatchLosses[] {
  return Array.from({ length: to - from }, (_, i) =>
    trainer.step([window(1), window(2), window(3)], {
      rates: { heads: 1e-3, learner: 3e-4 },
      crops: training.crops,
      random: createRandom(from + i),
    }),
  );
}

const total = ({ heat, box, class: classes, refine }: BatchLosses): number => heat + box + classes + refine;

describe('createTrainer', () => {
  it('refuses WebAssembly, which lacks the gradients, and says what to do', async () => {
    await prepareCompute('wasm');
    expect(() => createTrainer(start())).toThrow('npm run tensorflow');
  });

  it.runIf(findNativeBinding() !== undefined)(
    'goes downhill, and ends the same whether or not it was stopped half-way',
    async () => {
      await prepareCompute('native');
      const before = tf.memory().numTensors;
      const whole = createTrainer(start());
      const losses = run(whole, 0, 12);
      expect(total(losses.at(-1)!)).toBeLessThan(total(losses[0]!) * 0.8);

      const first = createTrainer(start());
      run(first, 0, 6);
      const second = createTrainer({ ...start(), weights: first.weights(), state: first.state() });
      run(second, 6, 12);
      expect(second.weights()).toEqual(whole.weights());
      for (const trainer of [whole, first, second]) trainer.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
    60_000,
  );

  it.runIf(findNativeBinding() !== undefined)(
    'leaves the learner as it is while only the heads are to move',
    async () => {
      await prepareCompute('native');
      const trainer = createTrainer(start());
      trainer.step([window(1)], {
        rates: { heads: 1e-3, learner: 0 },
        crops: training.crops,
        random: createRandom(1),
      });
      const weights = trainer.weights();
      trainer.dispose();
      const name = 'learner/block3/expand/kernel';
      expect(weights[name]?.values).toEqual(learner[name]?.values);
      const head = 'task/crops/logits/kernel';
      expect(weights[head]?.values).not.toEqual(start().weights[head]?.values);
    },
    30_000,
  );
});

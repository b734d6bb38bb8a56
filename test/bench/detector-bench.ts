/**
 * How many frames a second the detector's networks take, by batch, and what a step of its training costs.
 *
 * Frames are noise and decoding is left out: from a stored photograph to the database see `bench:inspection`.
 *
 * @example npm run bench:detector -- --backend native --batches 1,4,16
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { loadStem, readBackbone } from '../../src/catalogue/models/coco-backbone/backbone.ts';
import { learnerFeatureMaps } from '../../src/catalogue/models/coco-backbone/learner.ts';
import { stemFeatureMaps } from '../../src/catalogue/models/coco-backbone/stem.ts';
import { architecture, training } from '../../src/catalogue/models/defect-detector/defaults.ts';
import { loadDetector } from '../../src/catalogue/models/defect-detector/detector.ts';
import { toInputTensor } from '../../src/catalogue/models/defect-detector/preprocess.ts';
import { proposalMaps } from '../../src/catalogue/models/defect-detector/propose.ts';
import { createTrainer } from '../../src/catalogue/models/defect-detector/trainer.ts';
import { unpackWeights } from '../../src/core/domain/model-weights.ts';
import { quantile } from '../../src/core/statistics/quantile.ts';
import { createRandom } from '../../src/core/statistics/random.ts';
import { readModelFolder } from '../../src/platform/blobs/model-folder.ts';
import { prepareCompute, type BackendRequest } from '../../src/platform/compute/choose-backend.ts';
import { shippedModelFolder } from '../../src/platform/project-root.ts';

const { values } = parseArgs({
  options: {
    backend: { type: 'string', default: 'auto' },
    batches: { type: 'string', default: '1,4,16' },
    rounds: { type: 'string', default: '20' },
  },
});
const rounds = Number(values.rounds);
const { inputWidth: width, inputHeight: height } = architecture;
const random = createRandom(1);

const compute = await prepareCompute(values.backend as BackendRequest);
say(
  `${compute.reason}, ${availableParallelism()} cores; frames of ${width} × ${height}, medians of ${rounds}`,
);
const backboneArtifact = await readModelFolder(shippedModelFolder('coco-backbone'));
const detectorArtifact = await readModelFolder(shippedModelFolder('defect-detector'));
await measureForward(values.batches.split(',').map(Number));
if (compute.backend === 'native') await measureTraining();

async function measureForward(batches: readonly number[]): Promise<void> {
  const stem = loadStem(backboneArtifact);
  const detector = loadDetector(detectorArtifact);
  const { weights, parameters } = detector;
  const basePixels = parameters.classes.map((each) => each.basePixels);
  let single: number | undefined; // frames a second
  for (const batch of batches) {
    const frames = noise(batch * width * height * 3);
    const milliseconds = await medianOf(async () => {
      const { logits, distances } = tf.tidy(() => {
        const image = toInputTensor(frames, batch); // [batch, 480, 640, 3]
        const features = learnerFeatureMaps(weights, stemFeatureMaps(stem.weights, image)); // [batch, 120, 160, 128]
        return { ...proposalMaps(weights, features, basePixels) };
      });
      await Promise.all([logits.data(), distances.data()]);
      tf.dispose([logits, distances]);
    });
    const rate = (batch * 1000) / milliseconds;
    single ??= rate;
    say(
      `batch ${batch}: ${rate.toFixed(1)} frames/s, ${milliseconds.toFixed(1)} ms a batch, ${(rate / single).toFixed(2)} times batch ${batches[0]}`,
    );
  }
  detector.dispose();
  stem.dispose();
}

async function measureTraining(): Promise<void> {
  const { stem } = readBackbone(backboneArtifact);
  const named = unpackWeights({
    entries: detectorArtifact.manifest.weights,
    bytes: detectorArtifact.weights,
  });
  const detector = loadDetector(detectorArtifact);
  const basePixels = detector.parameters.classes.map((each) => each.basePixels);
  detector.dispose();
  const trainer = createTrainer({ stem, weights: named, basePixels });
  const windows = Array.from({ length: training.batchSize }, () => ({
    data: noise(width * height * 3),
    width,
    height,
    objects: [{ classIndex: 0, box: [100, 100, 400, 200] as const }],
  }));
  const plan = { rates: { learner: 1e-6, heads: 1e-6 }, crops: training.crops, random };
  const milliseconds = await medianOf(() => {
    trainer.step(windows, plan);
    return Promise.resolve();
  });
  say(
    `training, ${windows.length} windows a step: ${((windows.length * 1000) / milliseconds).toFixed(1)} windows/s, ${milliseconds.toFixed(0)} ms a step`,
  );
  trainer.dispose();
}

/** Milliseconds; the first runs, which compile and allocate, are left out. */
async function medianOf(run: () => Promise<void>): Promise<number> {
  for (let warmUp = 0; warmUp < 3; warmUp++) await run();
  const spent: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now();
    await run();
    spent.push(performance.now() - begun);
  }
  return quantile(spent, 0.5);
}

function noise(bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, () => random.uniform() * 256);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Line inspection with the weights that ship, on WebAssembly: it sees what was drawn, and leaves nothing behind. */
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  createLineInspection,
  type LineInspection,
} from '../../src/catalogue/amalgamations/line-inspection/line-inspection.ts';
import { parseParameters } from '../../src/catalogue/models/defect-detector/parameters.ts';
import { ignoreProgress } from '../../src/core/domain/progress.ts';
import type { ModelArtifact } from '../../src/core/domain/model-artifact.ts';
import { evaluateDetector } from '../../src/features/training/evaluate-detector.ts';
import { renderedPictures } from '../../src/features/simulation/rendered-pictures.ts';
import { readModelFolder } from '../../src/platform/blobs/model-folder.ts';
import { prepareCompute } from '../../src/platform/compute/choose-backend.ts';
import { shippedModelFolder } from '../../src/platform/project-root.ts';
import { untrainedDetector } from '../support/untrained-detector.ts';

const PICTURES = 60;
/** A detector exactly as good as the bounds in its record fails this test once in ten thousand draws of the pictures. */
const FALSE_FAILURE = 1e-4;

/** 95 % bounds that training measured on pictures it had not seen. */
const recordedFigures = z.object({
  validation: z.object({
    defectRecall: z.object({ lower: z.number() }),
    falseDefectsPerHealthyObject: z.object({ upper: z.number() }),
  }),
});

let artifact: ModelArtifact;
let inspection: LineInspection;

beforeAll(async () => {
  await prepareCompute('wasm');
  artifact = await readModelFolder(shippedModelFolder('defect-detector'));
  inspection = createLineInspection(artifact);
});
afterAll(() => inspection.dispose());

/** Smallest count that a binomial variable exceeds with at most the given probability. */
function mostByChance(trials: number, share: number, probability: number): number {
  let term = (1 - share) ** trials;
  let within = term;
  let count = 0;
  while (1 - within > probability) {
    term *= ((trials - count) / (count + 1)) * (share / (1 - share));
    within += term;
    count += 1;
  }
  return count;
}

describe('line inspection with the shipped weights', () => {
  it('finds defects and spares healthy objects on unseen renderings as its record says', async () => {
    const { thresholds } = parseParameters(artifact.manifest.parameters);
    const pictures = renderedPictures('contract test', PICTURES);
    const figures = await evaluateDetector(inspection, thresholds, pictures, ignoreProgress);

    const { defectRecall, falseDefectsPerHealthyObject: falseDefects, defectCalibration } = figures;
    const { validation } = recordedFigures.parse(artifact.manifest.metrics);
    expect(defectRecall.of).toBeGreaterThan(40);
    expect(defectRecall.of - defectRecall.count).toBeLessThanOrEqual(
      mostByChance(defectRecall.of, 1 - validation.defectRecall.lower, FALSE_FAILURE),
    );
    expect(falseDefects.count).toBeLessThanOrEqual(
      mostByChance(falseDefects.of, validation.falseDefectsPerHealthyObject.upper, FALSE_FAILURE),
    );
    expect(defectCalibration.pValue).toBeGreaterThan(0.002);
  }, 90_000);

  it('answers in pixels of the picture, with a probability and an embedding for each object', async () => {
    const [picture] = renderedPictures('one picture', 1);
    const { pixels, objects } = await picture!.read();
    const detections = await inspection.inspect(pixels);
    const found = detections.filter(({ category }) => ['insulator', 'joint'].includes(category));
    expect(found).toHaveLength(objects.length);
    for (const { score, bbox, embedding } of detections) {
      const [x, y, width, height] = bbox;
      expect(score).toBeGreaterThanOrEqual(0.5);
      expect(score).toBeLessThanOrEqual(1);
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(pixels.width);
      expect(y + height).toBeLessThanOrEqual(pixels.height);
      expect(embedding).toHaveLength(32);
    }
    const everything = await inspection.inspect(pixels, { minimumScore: 0 });
    expect(everything.length).toBeGreaterThanOrEqual(2 * objects.length);
  });

  it('holds as many tensors after a hundred pictures as after one, with and without objects on them', async () => {
    const [picture] = renderedPictures('one picture', 1);
    const { pixels } = await picture!.read();
    const blank = { data: new Uint8Array(300 * 200 * 3).fill(120), width: 300, height: 200 };
    await inspection.inspect(pixels);
    const before = tf.memory().numTensors;
    for (let round = 0; round < 50; round++) {
      await inspection.inspect(pixels);
      await inspection.inspect(blank);
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives all tensors back when disposed of, and when its graph is refused', () => {
    const before = tf.memory().numTensors;
    createLineInspection(artifact).dispose();
    expect(tf.memory().numTensors).toBe(before);
    const { stem: _, ...spaces } = parseParameters(artifact.manifest.parameters).spaces;
    const foreign = {
      ...artifact.manifest.parameters,
      spaces: { ...spaces, stem: '0'.repeat(64) },
    };
    const refused = { ...artifact, manifest: { ...artifact.manifest, parameters: foreign } };
    expect(() => createLineInspection(refused)).toThrow('stem.featureMaps -> learner.featureMaps');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('names the space of its embeddings by weights, not by version', () => {
    const other = createLineInspection(untrainedDetector(1));
    const same = createLineInspection({
      ...artifact,
      manifest: { ...artifact.manifest, version: 'another-name' },
    });
    expect(same.embeddingSpace).toBe(inspection.embeddingSpace);
    expect(other.embeddingSpace).not.toBe(inspection.embeddingSpace);
    same.dispose();
    other.dispose();
  });
});

/** Training end to end on a handful of pictures: the artefact is valid, is kept, and comes out the same again. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { defectDetector } from '../../src/catalogue/models/defect-detector/defect-detector.ts';
import type { ModelArtifact } from '../../src/core/domain/model-artifact.ts';
import type { Progress } from '../../src/core/domain/progress.ts';
import { renderedPictures } from '../../src/features/simulation/rendered-pictures.ts';
import { trainDetector } from '../../src/features/training/train-detector.ts';
import { readModelFolder, writeModelFolder } from '../../src/platform/blobs/model-folder.ts';
import { prepareCompute } from '../../src/platform/compute/choose-backend.ts';
import { findNativeBinding } from '../../src/platform/compute/load-native.ts';

function train(seed: number, told: Progress[] = []): Promise<ModelArtifact> {
  const data = {
    training: renderedPictures(`training test/${seed}`, 8),
    calibration: renderedPictures('calibration test', 2),
    validation: renderedPictures('validation test', 2),
    description: { kind: 'rendered', seed },
  };
  const now = new Date('2026-01-02T03:04:05Z');
  return trainDetector({ data, seed, epochs: 1, now, environment: {} }, (progress) => told.push(progress));
}

describe('trainDetector', () => {
  it('refuses an empty part of the data set, naming it', async () => {
    const data = { training: [], calibration: [], validation: [], description: {} };
    const request = { data, seed: 1, now: new Date(0), environment: {} };
    await expect(trainDetector(request, () => {})).rejects.toThrow('no picture for training');
  });

  it.runIf(findNativeBinding() !== undefined)(
    'gives a valid artefact that survives its folder, tells its progress, and repeats itself',
    async () => {
      await prepareCompute('native');
      const before = tf.memory().numTensors;
      const told: Progress[] = [];
      const artifact = await train(5, told);
      expect(() => defectDetector.validate(artifact)).not.toThrow();
      expect(artifact.manifest.version).toMatch(/^2026-01-02T03-04-05Z-[0-9a-f]{8}$/);
      expect(artifact.manifest.metrics).toHaveProperty('validation.defectRecall');
      expect(new Set(told.map(({ stage }) => stage)).size).toBe(4);
      expect(told.filter(({ done, total }) => done === total)).toHaveLength(4);

      const folder = await mkdtemp(join(tmpdir(), 'detector-'));
      await writeModelFolder(join(folder, 'model'), artifact);
      expect(await readModelFolder(join(folder, 'model'))).toEqual(artifact);
      await rm(folder, { recursive: true });

      expect((await train(5)).manifest.weightsSha256).toBe(artifact.manifest.weightsSha256);
      expect((await train(6)).manifest.weightsSha256).not.toBe(artifact.manifest.weightsSha256);
      expect(tf.memory().numTensors).toBe(before);
    },
    120_000,
  );
});

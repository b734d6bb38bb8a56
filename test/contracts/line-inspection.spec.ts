/** Line inspection with the weights that ship, on WebAssembly: it sees what was drawn, and leaves nothing behind. */
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  createLineInspection,
  type InspectionArtifacts,
  type LineInspection,
} from '../../src/catalogue/amalgamations/line-inspection/line-inspection.ts';
import type { Detection } from '../../src/core/domain/detection.ts';
import { intersectionOverUnion } from '../../src/core/geometry/box.ts';
import type { Size } from '../../src/core/geometry/plan-windows.ts';
import { ignoreProgress } from '../../src/core/domain/progress.ts';
import { detectorFigures } from '../../src/features/training/detector-figures.ts';
import { inspectPictures } from '../../src/features/training/inspect-pictures.ts';
import { renderedPictures } from '../../src/features/simulation/rendered-pictures.ts';
import type { DecodedImage } from '../../src/platform/blobs/decode-image.ts';
import { readModelFolder } from '../../src/platform/blobs/model-folder.ts';
import { prepareCompute } from '../../src/platform/compute/choose-backend.ts';
import { findNativeBinding } from '../../src/platform/compute/load-native.ts';
import { shippedModelFolder } from '../../src/platform/project-root.ts';
import { untrainedDetector } from '../support/untrained-models.ts';

const PICTURES = 40;
/** A detector exactly as good as the bounds in its record fails this test once in ten thousand draws of the pictures. */
const FALSE_FAILURE = 1e-4;

/** 95 % bounds that training measured on rendered pictures it had not seen. */
const recordedFigures = z.object({
  rendered: z.object({
    defectRecall: z.object({ lower: z.number() }),
    falseDefectPictures: z.object({ upper: z.number() }),
  }),
});

let artifacts: InspectionArtifacts;
let inspection: LineInspection;

beforeAll(async () => {
  await prepareCompute('wasm');
  artifacts = {
    backbone: await readModelFolder(shippedModelFolder('coco-backbone')),
    detector: await readModelFolder(shippedModelFolder('defect-detector')),
  };
  inspection = createLineInspection(artifacts);
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

/** A grey picture with another one on it. */
function placeOn({ width, height }: Size, left: number, top: number, small: DecodedImage): DecodedImage {
  const data = new Uint8Array(width * height * 3).fill(128);
  for (let row = 0; row < small.height; row++) {
    const line = small.data.subarray(row * small.width * 3, (row + 1) * small.width * 3);
    data.set(line, ((top + row) * width + left) * 3);
  }
  return { data, width, height };
}

describe('line inspection with the shipped weights', () => {
  it('finds defects and spares sound pictures on unseen renderings as its record says', async () => {
    const pictures = renderedPictures('contract test', PICTURES);
    const inspected = await inspectPictures(inspection, pictures, ignoreProgress, '');
    const clusters = pictures.map((_, index) => index);
    const { defectRecall, falseDefectPictures } = detectorFigures(inspected, clusters, inspection.classes, 0);

    const { rendered } = recordedFigures.parse(artifacts.detector.manifest.metrics);
    expect(defectRecall.of).toBeGreaterThan(25);
    expect(defectRecall.of - defectRecall.count).toBeLessThanOrEqual(
      mostByChance(defectRecall.of, 1 - rendered.defectRecall.lower, FALSE_FAILURE),
    );
    expect(falseDefectPictures.count).toBeLessThanOrEqual(
      mostByChance(falseDefectPictures.of, rendered.falseDefectPictures.upper, FALSE_FAILURE),
    );
  }, 90_000);

  it('answers in pixels of the picture, with a probability and an embedding for each object', async () => {
    const [picture] = renderedPictures('another picture', 1);
    const pixels = await picture!.read();
    const detections = await inspection.inspect(pixels);
    expect(detections.map(({ category }) => category).sort()).toEqual(
      picture!.boxes.map(({ category }) => category).sort(),
    );
    for (const { score, bbox, embedding } of detections) {
      const [x, y, width, height] = bbox;
      expect(score).toBeGreaterThanOrEqual(0.5);
      expect(score).toBeLessThanOrEqual(1);
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(pixels.width);
      expect(y + height).toBeLessThanOrEqual(pixels.height);
      expect(embedding).toHaveLength(64);
    }
    const everything = await inspection.inspect(pixels, { minimumScore: 0 });
    expect(everything.length).toBeGreaterThan(detections.length);
  });

  it('finds on a photograph of 12 megapixels, once each, what lies between its tiles as well', async () => {
    const picture = renderedPictures('between tiles', 1)[0]!;
    const pixels = await picture.read();
    // Its middle lies where four tiles meet.
    const [left, top] = [Math.round(1547 - pixels.width / 2), Math.round(1160 - pixels.height / 2)];
    const large = placeOn({ width: 4000, height: 3000 }, left, top, pixels);
    const found = await inspection.inspect(large, { minimumScore: 0.5 });
    expect(found.map(({ category }) => category).sort()).toEqual(
      picture.boxes.map(({ category }) => category).sort(),
    );
    for (const { category, box } of picture.boxes) {
      const there = [box[0] + left, box[1] + top, box[2] + left, box[3] + top] as const;
      const own = found.filter((each) => {
        const [x, y, width, height] = each.bbox;
        return (
          each.category === category && intersectionOverUnion([x, y, x + width, y + height], there) > 0.5
        );
      });
      expect(own).toHaveLength(1);
    }
  }, 60_000);

  it('sees the same whether windows pass one by one or together, and lets go of all of them', async () => {
    const pixels = placeOn(
      { width: 1800, height: 1300 },
      300,
      200,
      await renderedPictures('x', 1)[0]!.read(),
    );
    const together = createLineInspection(artifacts, { windowsAtOnce: 3 });
    const before = tf.memory().numTensors;
    const [one, three] = [await inspection.inspect(pixels), await together.inspect(pixels)];
    expect(tf.memory().numTensors).toBe(before);
    together.dispose();
    expect(one.length).toBeGreaterThan(1);
    expect(three.map(({ category }) => category)).toEqual(one.map(({ category }) => category));
    one.forEach(({ score, bbox }, i) => {
      expect(three[i]!.score).toBeCloseTo(score, 4);
      bbox.forEach((side, k) => expect(three[i]!.bbox[k]).toBeCloseTo(side, 2));
    });
  }, 60_000);

  it('holds as many tensors after many pictures as after one, with and without objects on them', async () => {
    const pixels = await renderedPictures('another picture', 1)[0]!.read();
    const blank = { data: new Uint8Array(300 * 200 * 3).fill(120), width: 300, height: 200 };
    await inspection.inspect(pixels);
    const before = tf.memory().numTensors;
    for (let round = 0; round < 10; round++) {
      await inspection.inspect(pixels);
      await inspection.inspect(blank);
    }
    expect(tf.memory().numTensors).toBe(before);
  }, 30_000);

  it('gives all tensors back when disposed of, and when its graph is refused', () => {
    const before = tf.memory().numTensors;
    createLineInspection(artifacts).dispose();
    expect(tf.memory().numTensors).toBe(before);
    const { manifest } = artifacts.detector;
    const spaces = { ...(manifest.parameters['spaces'] as object), stem: '0'.repeat(64) };
    const detector = {
      ...artifacts.detector,
      manifest: { ...manifest, parameters: { ...manifest.parameters, spaces } },
    };
    expect(() => createLineInspection({ ...artifacts, detector })).toThrow(
      'stem.featureMaps -> learner.featureMaps',
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  it('names the space of its embeddings by weights, not by version', () => {
    const { backbone, detector } = artifacts;
    const other = createLineInspection({ backbone, detector: untrainedDetector(1, backbone) });
    const renamed = { ...detector, manifest: { ...detector.manifest, version: 'another-name' } };
    const same = createLineInspection({ backbone, detector: renamed });
    expect(same.embeddingSpace).toBe(inspection.embeddingSpace);
    expect(other.embeddingSpace).not.toBe(inspection.embeddingSpace);
    same.dispose();
    other.dispose();
  });
});

/** Sums of a thousand products a layer, rounded in single precision in another order, move a side by far less. */
const SAME_PIXELS = 0.5;
const SAME_SCORE = 0.01;

describe.runIf(findNativeBinding() !== undefined)('native TensorFlow and WebAssembly', () => {
  it('see the same boxes on the same pictures', async () => {
    const pictures = renderedPictures('two backends', 4);
    const see = async (backend: 'wasm' | 'native'): Promise<Detection[][]> => {
      await prepareCompute(backend);
      const own = createLineInspection(artifacts);
      const seen: Detection[][] = [];
      for (const picture of pictures) seen.push(await own.inspect(await picture.read()));
      own.dispose();
      return seen;
    };
    const [wasm, native] = [await see('wasm'), await see('native')];
    await prepareCompute('wasm');
    wasm.forEach((detections, picture) => {
      expect(native[picture]?.map(({ category }) => category)).toEqual(
        detections.map(({ category }) => category),
      );
      detections.forEach(({ score, bbox }, i) => {
        const twin = native[picture]![i]!;
        expect(Math.abs(score - twin.score)).toBeLessThan(SAME_SCORE);
        bbox.forEach((side, k) => expect(Math.abs(side - twin.bbox[k]!)).toBeLessThan(SAME_PIXELS));
      });
    });
  }, 60_000);
});

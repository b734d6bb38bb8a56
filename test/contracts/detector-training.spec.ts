/** Training end to end on a handful of pictures: the artefact is valid, is kept, and comes out the same after a kill. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLineInspection } from '../../src/catalogue/amalgamations/line-inspection/line-inspection.ts';
import { defectDetector } from '../../src/catalogue/models/defect-detector/defect-detector.ts';
import { renderedPictures } from '../../src/features/simulation/rendered-pictures.ts';
import type { ModelArtifact } from '../../src/core/domain/model-artifact.ts';
import { unpackWeights } from '../../src/core/domain/model-weights.ts';
import { readModelFolder } from '../../src/platform/blobs/model-folder.ts';
import { prepareCompute } from '../../src/platform/compute/choose-backend.ts';
import { findNativeBinding } from '../../src/platform/compute/load-native.ts';
import { shippedModelFolder, spanwatchCommand } from '../../src/platform/project-root.ts';
import { waitFor } from '../support/wait-for.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'detector-training-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Eight rendered pictures in COCO form; the conductors' joints are called by a name that Spanwatch has never heard. */
async function putDataset(): Promise<void> {
  await mkdir(join(folder, 'data/images'), { recursive: true });
  const names = ['insulator', 'clamp', 'broken_insulator', 'burnt_clamp'];
  const renamed: Record<string, string> = { joint: 'clamp', failing_joint: 'burnt_clamp' };
  const images: object[] = [];
  const annotations: object[] = [];
  for (const [id, picture] of renderedPictures('training test', 10).entries()) {
    const { data, width, height } = await picture.read();
    const file_name = `${id}.jpg`;
    await sharp(data, { raw: { width, height, channels: 3 } })
      .jpeg()
      .toFile(join(folder, 'data/images', file_name));
    images.push({ id, file_name });
    for (const { category, box } of picture.boxes) {
      const [left, top, right, bottom] = box;
      annotations.push({
        image_id: id,
        category_id: names.indexOf(renamed[category] ?? category),
        bbox: [left, top, right - left, bottom - top],
      });
    }
  }
  const kinds = ['object', 'object', 'defect', 'defect'];
  const categories = names.map((name, id) => ({ id, name, supercategory: kinds[id] }));
  await writeFile(join(folder, 'data/annotations.json'), JSON.stringify({ images, categories, annotations }));
  const file = (id: number): string => `${id}.jpg`;
  const split = { train: [0, 1, 2, 3, 4, 5, 6, 7].map(file), validation: [8, 9].map(file) };
  await writeFile(join(folder, 'split.json'), JSON.stringify(split));
}

function train(out: string, ...more: string[]): ChildProcess & { readonly told: () => string } {
  const words = ['--dataset', join(folder, 'data'), '--split', join(folder, 'split.json'), '--out', out];
  const epochs = ['--warm-up', '1', '--epochs', '2', '--fine-tune', '1', '--settle', '1', '--seed', '5'];
  const child = spawn(
    process.execPath,
    [spanwatchCommand, 'detector', 'train', ...words, ...epochs, ...more],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, TFJS_BACKEND: 'native', TF_CPP_MIN_LOG_LEVEL: '2' },
    },
  );
  let told = '';
  child.stderr?.on('data', (bytes: Buffer) => (told += bytes.toString()));
  return Object.assign(child, { told: () => told });
}

function changedWeights(before: ModelArtifact, after: ModelArtifact): string[] {
  const read = ({ manifest, weights: bytes }: ModelArtifact) =>
    unpackWeights({ entries: manifest.weights, bytes });
  const [one, other] = [read(before), read(after)];
  return Object.keys(one).filter(
    (name) => !one[name]!.values.every((value, i) => value === other[name]!.values[i]),
  );
}

const ended = (child: ChildProcess) =>
  new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? code)),
  );

describe('detector train', () => {
  it.runIf(findNativeBinding() !== undefined)(
    'learns new classes from a COCO file, and ends with the same weights after kill -9 as without',
    async () => {
      await putDataset();
      const [whole, killed] = [join(folder, 'whole'), join(folder, 'killed')];
      expect(await ended(train(whole))).toBe(0);

      const first = train(killed);
      const death = ended(first);
      await waitFor(() => Promise.resolve(first.told().includes('train, pass 2 of 2')), 120_000);
      first.kill('SIGKILL');
      expect(await death).toBe('SIGKILL');
      await expect(readFile(join(killed, 'model.json'))).rejects.toThrow('ENOENT');
      const second = train(killed);
      expect(await ended(second)).toBe(0);
      expect(second.told()).not.toContain('warm-up');

      const [one, two] = [await readModelFolder(whole), await readModelFolder(killed)];
      expect(two.manifest.weightsSha256).toBe(one.manifest.weightsSha256);
      expect(two.manifest.metrics).toEqual(one.manifest.metrics);
      expect(() => defectDetector.validate(one)).not.toThrow();
      expect(one.manifest.record).toMatchObject({ seed: 5, data: { labelled: { form: 'coco' } } });

      const onward = join(folder, 'onward');
      const rest = ['--warm-up', '0', '--epochs', '0', '--fine-tune', '0', '--settle', '1'];
      expect(await ended(train(onward, '--from', whole, ...rest))).toBe(0);
      const three = await readModelFolder(onward);
      expect(three.manifest.record).toMatchObject({ from: one.manifest.version });
      expect(changedWeights(one, three).every((name) => name.startsWith('task/'))).toBe(true);
      expect(changedWeights(one, three).length).toBeGreaterThan(0);

      await prepareCompute('wasm');
      const backbone = await readModelFolder(shippedModelFolder('coco-backbone'));
      const inspection = createLineInspection({ backbone, detector: one });
      expect(inspection.classes.map(({ name, kind }) => `${name}:${kind}`)).toEqual([
        'insulator:object',
        'broken_insulator:defect',
        'burnt_clamp:defect',
        'clamp:object',
      ]);
      inspection.dispose();
    },
    300_000,
  );

  it.runIf(findNativeBinding() !== undefined)(
    'writes nothing when the pictures are not in order',
    async () => {
      await putDataset();
      await writeFile(join(folder, 'data/images/3.jpg'), '');
      const out = join(folder, 'model');
      const child = train(out);
      expect(await ended(child)).toBe(2);
      expect(child.told()).toContain('3.jpg is empty');
      await expect(readFile(join(out, 'model.json'))).rejects.toThrow('ENOENT');
    },
    60_000,
  );
});

/** Photographs that come together share one loaded model, and a new champion does not take it from under them. */
import * as tf from '@tensorflow/tfjs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LineInspection } from '../../src/catalogue/amalgamations/line-inspection/line-inspection.ts';
import type { Detection } from '../../src/core/domain/detection.ts';
import { LineInspector } from '../../src/features/inspection/line-inspector.ts';
import type { ModelArtifact } from '../../src/core/domain/model-artifact.ts';
import { writeModelFolder } from '../../src/platform/blobs/model-folder.ts';
import { prepareCompute } from '../../src/platform/compute/choose-backend.ts';
import type { ModelVersionRow } from '../../src/platform/storage/model-version-repository.ts';
import { untrainedBackbone, untrainedDetector } from '../support/untrained-models.ts';
import { waitFor } from '../support/wait-for.ts';

const picture = { data: new Uint8Array(64 * 48 * 3).fill(90), width: 64, height: 48 };

describe('LineInspector', () => {
  beforeAll(() => prepareCompute('wasm'));

  const put = async (name: string, artifact: ModelArtifact) => {
    const folder = path.join(await mkdtemp(path.join(tmpdir(), 'spanwatch-inspector-')), name);
    await writeModelFolder(folder, artifact);
    return { version: name, folder } as ModelVersionRow;
  };
  const prepare = async () => {
    const stem = untrainedBackbone(1);
    const backbone = await put('backbone', stem);
    const [first, second] = [
      await put('first', untrainedDetector(1, stem)),
      await put('second', untrainedDetector(1, stem)),
    ];
    let champion = first;
    return {
      versions: {
        champion: (model: string) => Promise.resolve(model === 'coco-backbone' ? backbone : champion),
      },
      change: () => void (champion = second),
    };
  };

  it('serves photographs side by side and leaves no tensor behind', async () => {
    const { versions, change } = await prepare();
    const inspector = new LineInspector(versions);
    const before = tf.memory().numTensors;
    const early = [inspector.inspect(picture), inspector.inspect(picture)];
    await Promise.all(early);
    change();
    const all = await Promise.all([...early, inspector.inspect(picture)]);
    expect(new Set(all.map(({ detections }) => JSON.stringify(detections))).size).toBe(1);
    inspector.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('loads a model once for all, and keeps it until the last photograph is done with it', async () => {
    const { versions, change } = await prepare();
    const disposed: number[] = [];
    const opened: (() => void)[] = [];
    /** Inspects for as long as it is not told to finish. */
    const open = (): LineInspection => {
      const place = opened.length;
      const done = new Promise<Detection[]>((resolve) => opened.push(() => resolve([])));
      return {
        modelVersion: String(place),
        embeddingSpace: '',
        classes: [],
        inspect: () => done,
        judge: () => Promise.reject(new Error('not asked for')),
        dispose: () => void disposed.push(place),
      };
    };
    const inspector = new LineInspector(versions, {}, open);
    const early = [inspector.inspect(picture), inspector.inspect(picture)];
    await waitFor(() => Promise.resolve(opened.length === 1));
    change();
    const next = inspector.inspect(picture);
    await waitFor(() => Promise.resolve(opened.length === 2));
    expect(disposed).toEqual([]);
    opened[0]?.();
    expect((await Promise.all(early)).map(({ modelVersion }) => modelVersion)).toEqual(['0', '0']);
    expect(disposed).toEqual([0]);
    opened[1]?.();
    expect((await next).modelVersion).toBe('1');
    inspector.dispose();
    expect(disposed).toEqual([0, 1]);
  });

  it('is told when there is no champion, and serves once there is one', async () => {
    const inspector = new LineInspector({ champion: () => Promise.resolve(null) });
    await expect(inspector.inspect(picture)).rejects.toThrow('No version of coco-backbone is champion yet');
    await expect(inspector.inspect(picture)).rejects.toThrow('No version of coco-backbone is champion yet');
  });
});

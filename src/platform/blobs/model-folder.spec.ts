/** A model folder comes back as it was written; every way in which it can be spoilt is refused by name. */
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BadInput, Conflict } from '../../core/domain/failure.ts';
import type { ModelArtifact } from '../../core/domain/model-artifact.ts';
import { packWeights } from '../../core/domain/model-weights.ts';
import { readModelFolder, sha256Hex, writeModelFolder } from './model-folder.ts';

function artifact(version: string): ModelArtifact {
  const { bytes, entries } = packWeights({ kernel: { shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) } });
  return {
    manifest: {
      formatVersion: 1,
      model: 'thermometer',
      version,
      createdAt: '2026-11-24T10:00:00.000Z',
      record: { seed: 7 },
      metrics: {},
      parameters: { threshold: 0.5 },
      weights: entries,
      weightsSha256: sha256Hex(bytes),
    },
    weights: bytes,
  };
}

let parent: string;
let folder: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'model-folder-'));
  folder = join(parent, 'model');
});
afterEach(() => rm(parent, { recursive: true }));

async function changeManifest(change: (text: string) => string): Promise<void> {
  const file = join(folder, 'model.json');
  await writeFile(file, change(await readFile(file, 'utf8')));
}

describe('a model folder', () => {
  it('gives back the artefact that was written, and leaves nothing else behind', async () => {
    await writeModelFolder(folder, artifact('1'));
    expect(await readModelFolder(folder)).toEqual(artifact('1'));
    expect(await readdir(parent)).toEqual(['model']);
  });

  it('replaces the model that was there', async () => {
    await writeModelFolder(folder, artifact('1'));
    await writeModelFolder(folder, artifact('2'));
    expect((await readModelFolder(folder)).manifest.version).toBe('2');
    expect(await readdir(parent)).toEqual(['model']);
  });

  it('is not written over a folder that holds something else', async () => {
    await writeFile(join(parent, 'letter.txt'), 'dear');
    await expect(writeModelFolder(parent, artifact('1'))).rejects.toBeInstanceOf(Conflict);
    expect(await readdir(parent)).toEqual(['letter.txt']);
  });

  it('is refused when it or a file of it is missing, naming the file', async () => {
    await expect(readModelFolder(folder)).rejects.toThrow('model.json is missing');
    await writeModelFolder(folder, artifact('1'));
    await rm(join(folder, 'weights.bin'));
    await expect(readModelFolder(folder)).rejects.toThrow('weights.bin is missing');
  });

  it('is refused when the weights are not those of the manifest', async () => {
    await writeModelFolder(folder, artifact('1'));
    await truncate(join(folder, 'weights.bin'), 12);
    await expect(readModelFolder(folder)).rejects.toThrow('changed or cut short');
    await expect(readModelFolder(folder)).rejects.toBeInstanceOf(BadInput);
  });

  it('is taken with weights that somebody changed on purpose, when told so', async () => {
    await writeModelFolder(folder, artifact('1'));
    const file = join(folder, 'weights.bin');
    const bytes = await readFile(file);
    bytes[0] = bytes[0]! ^ 1;
    await writeFile(file, bytes);
    await expect(readModelFolder(folder)).rejects.toThrow('changed or cut short');
    expect((await readModelFolder(folder, { anyHash: true })).weights[0]).toBe(bytes[0]);
  });

  it('is refused when another format wrote it', async () => {
    await writeModelFolder(folder, artifact('1'));
    await changeManifest((text) => text.replace('"formatVersion": 1', '"formatVersion": 2'));
    await expect(readModelFolder(folder)).rejects.toThrow('reads format 1');
  });

  it('is refused when the manifest is not JSON or lacks a field, naming the field', async () => {
    await writeModelFolder(folder, artifact('1'));
    await changeManifest((text) => text.replace('"weightsSha256"', '"weightsSha1"'));
    await expect(readModelFolder(folder)).rejects.toThrow('weightsSha256');
    await changeManifest(() => 'not JSON');
    await expect(readModelFolder(folder)).rejects.toThrow('is not JSON');
  });

  it('is refused when a shape reaches beyond the weights', async () => {
    await writeModelFolder(folder, artifact('1'));
    await changeManifest((text) => text.replace(/"shape": \[\s*2,\s*2\s*\]/, '"shape": [2, 3]'));
    await expect(readModelFolder(folder)).rejects.toThrow('block of 16 bytes');
  });
});

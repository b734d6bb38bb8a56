/** A checkpoint comes back as it was written, survives a death in the middle of writing, and is not mistaken. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fingerprintOf, TrainingCheckpoint, type Checkpoint } from './training-checkpoint.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checkpoint-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const weight = (value: number) => ({ w: { shape: [1], values: Float32Array.of(value) } });
const checkpoint = (step: number): Checkpoint => ({
  step,
  seconds: 12.5,
  weights: weight(step),
  state: weight(-step),
  best: { score: 0.5, epoch: 2, weights: weight(0.25) },
});

describe('TrainingCheckpoint', () => {
  it('is nothing before it is written, and then the newest', async () => {
    const store = new TrainingCheckpoint(folder, 'a');
    expect(await store.read()).toBeNull();
    await store.write(checkpoint(100));
    await store.write(checkpoint(200));
    expect(await store.read()).toEqual(checkpoint(200));
    expect(await readdir(folder)).toEqual(['checkpoint-200']);
  });

  it('keeps full precision and a missing best', async () => {
    const store = new TrainingCheckpoint(folder, 'a');
    await store.write({ ...checkpoint(1), weights: weight(0.1), best: null });
    expect(await store.read()).toMatchObject({ weights: weight(0.1), best: null });
  });

  it('passes over what a death in the middle of writing left behind', async () => {
    const store = new TrainingCheckpoint(folder, 'a');
    await store.write(checkpoint(100));
    await mkdir(join(folder, '.checkpoint-200.half'));
    await writeFile(join(folder, '.checkpoint-200.half', 'weights.bin'), 'half');
    expect((await store.read())?.step).toBe(100);
  });

  it('refuses to go on with another training', async () => {
    await new TrainingCheckpoint(folder, fingerprintOf({ seed: 1 })).write(checkpoint(100));
    const other = new TrainingCheckpoint(folder, fingerprintOf({ seed: 2 }));
    await expect(other.read()).rejects.toThrow('--restart');
  });
});

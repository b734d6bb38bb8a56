/** Keeps a half-trained detector on disk, so that a training that was killed goes on where it was. */
import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { BadInput, Conflict } from '../../core/domain/failure.ts';
import { packWeights, unpackWeights, type NamedWeights } from '../../core/domain/model-weights.ts';
import { readModelFolder, sha256Hex, writeModelFolder } from '../../platform/blobs/model-folder.ts';

export interface Checkpoint {
  /** Steps done. */
  readonly step: number;
  readonly weights: NamedWeights;
  /** Of the optimiser. */
  readonly state: NamedWeights;
  /** The weights with the best validation score so far, and after which pass that was. */
  readonly best: { readonly score: number; readonly epoch: number; readonly weights: NamedWeights } | null;
  /** Seconds of training that lie behind, all runs together. */
  readonly seconds: number;
}

const KIND = 'defect-detector-checkpoint';
const FOLDER = /^checkpoint-(\d+)$/;

const parametersSchema = z.object({
  fingerprint: z.string(),
  step: z.int(),
  seconds: z.number(),
  best: z.object({ score: z.number(), epoch: z.int() }).nullable(),
});

export class TrainingCheckpoint {
  /**
   * @param folder its own, beside the model to come
   * @param fingerprint equal for trainings that go the same way: data, seed, settings
   */
  constructor(
    private readonly folder: string,
    private readonly fingerprint: string,
  ) {}

  /** The newest that was written whole; null where there is none. @throws Conflict if it is another training's */
  async read(): Promise<Checkpoint | null> {
    const [newest] = await this.list();
    if (newest === undefined) return null;
    const { manifest, weights: bytes } = await readModelFolder(join(this.folder, newest));
    const parsed = parametersSchema.safeParse(manifest.parameters);
    if (manifest.model !== KIND || !parsed.success) {
      throw new BadInput('checkpoint-other', `${join(this.folder, newest)} is no checkpoint of a detector.`);
    }
    if (parsed.data.fingerprint !== this.fingerprint) {
      throw new Conflict(
        'checkpoint-other',
        `${this.folder} holds the checkpoint of a training with other pictures, seed or settings: give those again to go on with it, or --restart to throw it away.`,
      );
    }
    const all = unpackWeights({ entries: manifest.weights, bytes });
    const part = (prefix: string): NamedWeights =>
      Object.fromEntries(
        Object.entries(all)
          .filter(([name]) => name.startsWith(prefix))
          .map(([name, weight]) => [name.slice(prefix.length), weight]),
      );
    const { step, seconds, best } = parsed.data;
    return {
      step,
      seconds,
      weights: part('weights/'),
      state: part('state/'),
      best: best && { ...best, weights: part('best/') },
    };
  }

  /** Whole or not at all: the former one stays until this one stands. */
  async write({ step, seconds, weights, state, best }: Checkpoint): Promise<void> {
    const prefixed = (prefix: string, named: NamedWeights): NamedWeights =>
      Object.fromEntries(Object.entries(named).map(([name, weight]) => [prefix + name, weight]));
    const { entries, bytes } = packWeights({
      ...prefixed('weights/', weights),
      ...prefixed('state/', state),
      ...prefixed('best/', best?.weights ?? {}),
    });
    const former = await this.list();
    await writeModelFolder(join(this.folder, `checkpoint-${step}`), {
      manifest: {
        formatVersion: 1,
        model: KIND,
        version: `step-${step}`,
        createdAt: new Date().toISOString(),
        record: {},
        metrics: {},
        parameters: {
          fingerprint: this.fingerprint,
          step,
          seconds,
          best: best && { score: best.score, epoch: best.epoch },
        },
        weights: entries,
        weightsSha256: sha256Hex(bytes),
      },
      weights: bytes,
    });
    for (const name of former) {
      if (name !== `checkpoint-${step}`) await rm(join(this.folder, name), { recursive: true, force: true });
    }
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Newest first. */
  private async list(): Promise<string[]> {
    const entries = await readdir(this.folder).catch(() => []);
    const stepOf = (name: string): number => Number(FOLDER.exec(name)?.[1] ?? -1);
    return entries.filter((name) => FOLDER.test(name)).sort((a, b) => stepOf(b) - stepOf(a));
  }
}

/** @param values that JSON can hold, in a fixed order */
export function fingerprintOf(...values: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex');
}

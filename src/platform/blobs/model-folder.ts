/** Keeps a model artefact as a folder: `model.json` for people, `weights.bin` for the weights. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { BadInput, Conflict } from '../../core/domain/failure.ts';
import type { ModelArtifact, ModelManifest } from '../../core/domain/model-artifact.ts';
import { unpackWeights } from '../../core/domain/model-weights.ts';
import { parseManifest } from './model-manifest.ts';

const MANIFEST_FILE = 'model.json';
const WEIGHTS_FILE = 'weights.bin';

export interface ReadOptions {
  /** Takes weights that are not those the manifest names: somebody has changed them on purpose. */
  readonly anyHash?: boolean;
}

/** Whether the model fits the code that is to run it is the model's own `validate`. */
export async function readModelFolder(
  directory: string,
  { anyHash = false }: ReadOptions = {},
): Promise<ModelArtifact> {
  const manifest = parseManifest(
    await readPart(directory, MANIFEST_FILE).then((bytes) => bytes.toString('utf8')),
    join(directory, MANIFEST_FILE),
  );
  const bytes = await readPart(directory, WEIGHTS_FILE);
  const weights = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!anyHash) requireHash(manifest, weights, join(directory, WEIGHTS_FILE));
  unpackWeights({ entries: manifest.weights, bytes: weights });
  return { manifest, weights };
}

/**
 * Written beside its place and renamed, so that a reader finds a whole model or none. A folder that already
 * holds a model is replaced; one that holds anything else is refused.
 */
export async function writeModelFolder(directory: string, artifact: ModelArtifact): Promise<void> {
  requireHash(artifact.manifest, artifact.weights, 'the artefact to write');
  unpackWeights({ entries: artifact.manifest.weights, bytes: artifact.weights });
  await requireModelPlace(directory);
  const target = resolve(directory);
  const fresh = join(dirname(target), `.${basename(target)}.${randomUUID()}`);
  const former = `${fresh}.former`;
  await mkdir(fresh, { recursive: true });
  try {
    await writeFile(join(fresh, WEIGHTS_FILE), artifact.weights, { flush: true });
    await writeFile(join(fresh, MANIFEST_FILE), `${JSON.stringify(artifact.manifest, null, 2)}\n`, {
      flush: true,
    });
    await rename(target, former).catch((cause: unknown) => {
      if (!isErrno(cause, 'ENOENT')) throw cause;
    });
    await rename(fresh, target);
  } catch (cause) {
    await rm(fresh, { recursive: true, force: true });
    throw cause;
  }
  await rm(former, { recursive: true, force: true });
}

/** Refuses a place where `writeModelFolder` would; to be asked before the work that makes the model. */
export async function requireModelPlace(directory: string): Promise<void> {
  const entries = await readdir(directory).catch((cause: unknown) => {
    if (isErrno(cause, 'ENOENT')) return [];
    if (isErrno(cause, 'ENOTDIR')) return ['the file itself'];
    throw cause;
  });
  if (entries.length === 0 || entries.includes(MANIFEST_FILE)) return;
  throw new Conflict(
    'model-folder-taken',
    `${directory} is there and holds something other than a model; name an empty or new folder.`,
    { directory },
  );
}

export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function requireHash(manifest: ModelManifest, weights: Uint8Array, where: string): void {
  const found = sha256Hex(weights);
  if (found === manifest.weightsSha256) return;
  throw new BadInput(
    'model-hash',
    `${where} has SHA-256 ${found} where ${MANIFEST_FILE} says ${manifest.weightsSha256}: the file was changed or cut short; fetch the model again.`,
  );
}

async function readPart(directory: string, file: string): Promise<Buffer> {
  try {
    return await readFile(join(directory, file));
  } catch (cause) {
    if (isErrno(cause, 'ENOENT') || isErrno(cause, 'ENOTDIR') || isErrno(cause, 'EISDIR')) {
      throw new BadInput(
        'model-missing',
        `${join(directory, file)} is missing; a model is a folder with ${MANIFEST_FILE} and ${WEIGHTS_FILE}.`,
        { directory },
        { cause },
      );
    }
    throw cause;
  }
}

function isErrno(cause: unknown, code: string): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === code;
}

/** Files kept by their content's hash: the same bytes are kept once, and never change. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Broken } from '../../core/domain/failure.ts';

export class BlobStore {
  constructor(private readonly folder: string) {}

  /** Where uploads are received before their hash is known: on the same file system, so that keeping is a rename. */
  get incomingFolder(): string {
    return path.join(this.folder, 'incoming');
  }

  /** @param onlyProcess true when no other process receives here: what is half received then belongs to nobody */
  async prepare(onlyProcess: boolean): Promise<void> {
    if (onlyProcess) await rm(this.incomingFolder, { recursive: true, force: true });
    await mkdir(this.incomingFolder, { recursive: true });
  }

  pathOf(sha256: string): string {
    return path.join(this.folder, sha256.slice(0, 2), sha256);
  }

  /** Moves a received file into the store. @returns its SHA-256, hex */
  async keep(file: string): Promise<string> {
    const sha256 = await hashFile(file);
    const target = this.pathOf(sha256);
    await mkdir(path.dirname(target), { recursive: true });
    await rename(file, target);
    return sha256;
  }

  async read(sha256: string): Promise<Buffer> {
    return readFile(this.pathOf(sha256)).catch((cause: unknown) => {
      throw new Broken('blob-missing', `The stored file ${sha256} is gone.`, { sha256 }, { cause });
    });
  }

  async has(sha256: string): Promise<boolean> {
    return stat(this.pathOf(sha256)).then(
      () => true,
      () => false,
    );
  }
}

/** SHA-256 of a file's content, hex, read as a stream. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Files kept by their content's hash: the same bytes are kept once, and never change. */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, constants } from 'node:fs';
import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Broken } from '../../core/domain/failure.ts';
import { explainDisk } from './disk-full.ts';

/** No upload takes as long as this; what is older was left by a process that was killed. */
const ABANDONED_MS = 24 * 3_600_000;

export class BlobStore {
  constructor(private readonly folder: string) {}

  /** Where uploads are received before their hash is known: on the same file system, so that keeping is a rename. */
  get incomingFolder(): string {
    return path.join(this.folder, 'incoming');
  }

  /** Uploads in pieces, which outlive the process that began them. */
  get uploadsFolder(): string {
    return path.join(this.folder, 'uploads');
  }

  /** @param onlyProcess true when no other process receives here: what is half received then belongs to nobody */
  async prepare(onlyProcess: boolean): Promise<void> {
    await mkdir(this.incomingFolder, { recursive: true });
    await mkdir(this.uploadsFolder, { recursive: true });
    for (const name of await readdir(this.incomingFolder)) {
      const file = path.join(this.incomingFolder, name);
      const found = await stat(file).catch(() => null); // another process may have taken it
      const isAbandoned = found !== null && Date.now() - found.mtimeMs > ABANDONED_MS;
      if (onlyProcess || isAbandoned) await rm(file, { recursive: true, force: true });
    }
  }

  pathOf(sha256: string): string {
    return path.join(this.folder, sha256.slice(0, 2), sha256);
  }

  /** Of an original, re-encoded and without what the camera wrote. */
  thumbnailPathOf(sha256: string): string {
    return path.join(this.folder, 'thumbnails', sha256.slice(0, 2), `${sha256}.jpg`);
  }

  /** Copies a file that stays where it is. @returns where the copy lies, to be kept or removed */
  async receiveCopy(file: string): Promise<string> {
    const copy = path.join(this.incomingFolder, randomUUID());
    try {
      await copyFile(file, copy, constants.COPYFILE_FICLONE);
      return copy;
    } catch (error) {
      await rm(copy, { force: true });
      throw explainDisk(error);
    }
  }

  /** Moves a received file into the store. @returns its SHA-256, hex */
  async keep(file: string): Promise<string> {
    const sha256 = await hashFile(file);
    await this.keepAs(file, sha256);
    return sha256;
  }

  /** Moves a received file whose SHA-256 is known into the store; when this returns, it outlives a power cut. */
  async keepAs(file: string, sha256: string): Promise<void> {
    try {
      await moveInto(file, this.pathOf(sha256));
    } catch (error) {
      throw explainDisk(error);
    }
  }

  async keepThumbnail(sha256: string, jpeg: Uint8Array): Promise<void> {
    const file = path.join(this.incomingFolder, randomUUID());
    try {
      await writeFile(file, jpeg);
      await moveInto(file, this.thumbnailPathOf(sha256));
    } catch (error) {
      await rm(file, { force: true });
      throw explainDisk(error);
    }
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

async function moveInto(file: string, target: string): Promise<void> {
  const folder = path.dirname(target);
  await mkdir(folder, { recursive: true });
  await sync(file);
  await rename(file, target);
  await sync(folder);
}

async function sync(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** SHA-256 of a file's content, hex, read as a stream. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

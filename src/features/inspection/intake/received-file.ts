/** Streams the files of a multipart request to disk; each one's hash is reckoned on the way. */
import type { Request } from 'express';
import type { StorageEngine } from 'multer';
import { createHash, randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import { explainDisk } from '../../../platform/blobs/disk-full.ts';

/** What multer hands on of a file that was received. */
export interface ReceivedFile extends Express.Multer.File {
  readonly sha256: string;
}

export class ReceivingStorage implements StorageEngine {
  /** @param mostBytes of a file; what comes beyond is not stored, so that the good files beside it are taken in */
  constructor(
    private readonly folder: string,
    private readonly mostBytes: number,
  ) {}

  _handleFile(
    _request: Request,
    file: Express.Multer.File,
    done: (error?: unknown, info?: Partial<ReceivedFile>) => void,
  ): void {
    this.receive(file).then(
      (info) => done(null, info),
      (error: unknown) => done(explainDisk(error)),
    );
  }

  _removeFile(_request: Request, file: Express.Multer.File, done: (error: Error | null) => void): void {
    rm(file.path, { force: true }).then(() => done(null), done);
  }

  /** Reads the file to its end whatever happens: who cuts a request off can't be told why. */
  private async receive(file: Express.Multer.File): Promise<Partial<ReceivedFile>> {
    const target = path.join(this.folder, randomUUID());
    const hash = createHash('sha256');
    let size = 0;
    let failure: unknown = null;
    const handle = await open(target, 'wx');
    try {
      for await (const chunk of file.stream as AsyncIterable<Buffer>) {
        const isWanted = size <= this.mostBytes && failure === null;
        size += chunk.length;
        if (!isWanted) continue;
        hash.update(chunk);
        await handle.writeFile(chunk).catch((error: unknown) => (failure = error));
      }
      if (failure !== null) throw failure as Error;
    } catch (error) {
      await rm(target, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
    return { path: target, size, sha256: hash.digest('hex') };
  }
}

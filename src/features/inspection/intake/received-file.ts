/** Streams the files of a multipart request to disk; each one's hash is reckoned on the way. */
import type { Request } from 'express';
import type { StorageEngine } from 'multer';
import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
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

  private async receive(file: Express.Multer.File): Promise<Partial<ReceivedFile>> {
    const target = path.join(this.folder, randomUUID());
    const hash = createHash('sha256');
    const { mostBytes } = this;
    let size = 0;
    const upToLimit = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of chunks) {
        const isWithin = size <= mostBytes;
        size += chunk.length;
        if (!isWithin) continue;
        hash.update(chunk);
        yield chunk;
      }
    };
    try {
      await pipeline(file.stream, upToLimit, createWriteStream(target, { flags: 'wx' }));
    } catch (error) {
      await rm(target, { force: true });
      throw error;
    }
    return { path: target, size, sha256: hash.digest('hex') };
  }
}

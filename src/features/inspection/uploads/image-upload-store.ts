/** Where uploads in pieces lie until they are whole; of those that were taken in it still knows that they were. */
import { FileStore } from '@tus/file-store';
import { Upload } from '@tus/server';
import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ImageUploadRepository } from '../../../platform/storage/image-upload-repository.ts';

/** A crew that is back from the field sends the rest within a week. */
export const UPLOAD_LIFE_MS = 7 * 24 * 3_600_000;

export class ImageUploadStore extends FileStore {
  constructor(
    directory: string,
    private readonly finished: ImageUploadRepository,
  ) {
    super({ directory, expirationPeriodInMilliseconds: UPLOAD_LIFE_MS });
  }

  pathOf(id: string): string {
    return path.join(this.directory, id);
  }

  /** An upload that was taken in is whole, although its file is elsewhere: its client need not send it again. */
  override async getUpload(id: string): Promise<Upload> {
    const row = await this.finished.find(id);
    if (!row) return super.getUpload(id);
    const { byte_count: size, file_name: filename } = row;
    return new Upload({ id, size, offset: size, metadata: { filename } });
  }

  /** As the library's, but what the disk says is not lost. @returns how many bytes are there now */
  override async write(readable: Readable, id: string, offset: number): Promise<number> {
    let received = 0;
    const count = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        received += chunk.length;
        done(null, chunk);
      },
    });
    await pipeline(readable, count, createWriteStream(this.pathOf(id), { flags: 'r+', start: offset }));
    return offset + received;
  }

  /** Those that are not taken in yet, whole or not. */
  async waiting(): Promise<{ readonly upload: Upload; readonly quietMs: number }[]> {
    const ids = (await this.configstore.list?.()) ?? [];
    const found = await Promise.all(
      ids.map(async (id) => {
        try {
          const upload = await super.getUpload(id);
          const { mtimeMs } = await stat(this.pathOf(id));
          return [{ upload, quietMs: Date.now() - mtimeMs }];
        } catch {
          return []; // taken in or given up meanwhile
        }
      }),
    );
    return found.flat();
  }

  /** Also where the file has moved on. */
  async forget(id: string): Promise<void> {
    await rm(this.pathOf(id), { force: true });
    await this.configstore.delete(id);
  }
}

/** Unpacks a ZIP that a stranger sent: nothing leaves the folder, and nothing fills the disk. */
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { BadInput } from '../../core/domain/failure.ts';
import { explainDisk } from '../blobs/disk-full.ts';

export interface UnzipLimits {
  readonly files: number;
  /** Unpacked, of all files together. */
  readonly megabytes: number;
}

/** @throws BadInput when it is no ZIP, damaged, too large, or would write outside the folder */
export async function unzipInto(file: string, folder: string, limits: UnzipLimits): Promise<void> {
  const zip = await openZip(file);
  try {
    let [files, bytes] = [0, 0];
    for await (const entry of zip.eachEntry()) {
      bytes += entry.uncompressedSize;
      if (++files > limits.files || bytes > limits.megabytes * 1e6) {
        throw new BadInput(
          'zip-too-large',
          `The ZIP holds more than ${limits.files} files or ${limits.megabytes} MB: send it in parts.`,
        );
      }
      // Folders come with their files.
      if (!entry.fileName.endsWith('/')) await unpack(zip, entry, folder);
    }
  } catch (cause) {
    throw cause instanceof BadInput ? cause : explain(cause);
  } finally {
    zip.close();
  }
}

async function openZip(file: string): Promise<ZipFile> {
  return openPromise(file, { autoClose: false }).catch((cause: unknown) => {
    throw explain(cause);
  });
}

/** The reader refuses names that lead outside, and data that is longer than it says. */
async function unpack(zip: ZipFile, entry: Entry, folder: string): Promise<void> {
  const target = path.join(folder, entry.fileName);
  await mkdir(path.dirname(target), { recursive: true });
  await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target, { flags: 'wx' }));
}

/** Of the disk, and not of the archive. */
const DISK_CODES = ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EACCES', 'EMFILE', 'ENFILE'];

function explain(cause: unknown): unknown {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code !== undefined && DISK_CODES.includes(code)) return explainDisk(cause);
  return new BadInput('zip-damaged', `This is no ZIP, or it is damaged: ${message}.`, {}, { cause });
}

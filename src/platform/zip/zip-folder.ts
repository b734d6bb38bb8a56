/** A folder as one ZIP that is read as it is made: each file is opened when its turn comes. */
import type { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { walkFiles } from '../blobs/walk-files.ts';

/** The same content is the same bytes, whenever it is packed. */
const NO_TIME = new Date(1980, 0, 1);

export async function zipFolder(folder: string): Promise<Readable> {
  const zip = new ZipFile();
  for await (const { path, relative } of walkFiles(folder)) {
    zip.addFile(path, relative.replaceAll('\\', '/'), { mtime: NO_TIME, mode: 0o100644 });
  }
  zip.end();
  const output = zip.outputStream as unknown as Readable;
  // What goes wrong with a file is told by the archive, and would else be told by nobody.
  zip.on('error', (error: Error) => output.destroy(error));
  return output;
}

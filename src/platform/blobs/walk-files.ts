/** Every file under a folder, in the order of names; links are not followed, so no walk goes round in circles. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';

export interface WalkedFile {
  readonly path: string;
  /** From the folder that was walked. */
  readonly relative: string;
  /** False of links, pipes, devices. */
  readonly isPlain: boolean;
}

/** @param isSkipped of a file's or folder's name, and of how deep it lies: 0 for what is in the folder itself */
export async function* walkFiles(
  folder: string,
  isSkipped: (name: string, depth: number) => boolean = () => false,
  below = '',
): AsyncGenerator<WalkedFile> {
  const depth = below === '' ? 0 : below.split(path.sep).length;
  const entries = await readdir(path.join(folder, below), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (isSkipped(entry.name, depth)) continue;
    const relative = path.join(below, entry.name);
    if (entry.isDirectory()) yield* walkFiles(folder, isSkipped, relative);
    else yield { path: path.join(folder, relative), relative, isPlain: entry.isFile() };
  }
}

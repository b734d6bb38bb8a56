/** Where a picture that annotations name lies on disk: inside the set's folder, whatever the name says. */
import { existsSync } from 'node:fs';
import { basename, isAbsolute, join, normalize } from 'node:path';

/** @param folders to look in, best first; where it is in none, the last one is named */
export function pictureFile(folders: readonly string[], name: string): string {
  const plain = name.replaceAll('\\', '/');
  const isInside = !isAbsolute(plain) && !normalize(plain).startsWith('..') && !plain.includes('\0');
  const inside = isInside ? plain : basename(plain).replaceAll('\0', '');
  const candidates = folders.map((folder) => join(folder, inside));
  return candidates.find((candidate) => existsSync(candidate)) ?? candidates.at(-1)!;
}

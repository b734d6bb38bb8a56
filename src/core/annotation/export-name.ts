/** The name of a picture in an exported set: safe on every file system, and no other picture's. */
import type { ExportedPicture } from './annotation.ts';

const ENDINGS: Readonly<Record<string, string>> = {
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/tiff': '.tif',
  'image/webp': '.webp',
};

const LONGEST_STEM = 80;
/** 48 bits of the hash: among a million pictures two are alike with a probability of 0.2 %, and then the export fails. */
const HASH_DIGITS = 12;
const NAMED_BY_HASH = /-([0-9a-f]{12})(?:\.[a-z]+)?$/;

/**
 * Depends on nothing but the picture, so that lists of names, such as a split, outlive the next export.
 *
 * @example exportName({ fileName: '../DJI 0042🚁.JPG', sha256: '1a2b3c4d5e6f…', mediaType: 'image/jpeg' })
 * // 'DJI_0042_-1a2b3c4d5e6f.jpg'
 */
export function exportName({
  fileName,
  sha256,
  mediaType,
}: Pick<ExportedPicture, 'fileName' | 'sha256' | 'mediaType'>): string {
  const last = fileName.split(/[/\\]/).at(-1)!;
  const stem = last
    .replace(/\.[A-Za-z0-9]{1,5}$/, '')
    .replace(/[^A-Za-z0-9_-]+/g, '_')
    .replace(/^-+/, '')
    .slice(0, LONGEST_STEM);
  return `${stem || 'picture'}-${sha256.slice(0, HASH_DIGITS)}${ENDINGS[mediaType] ?? '.img'}`;
}

/** The beginning of the hash in a name that `exportName` made, with its ending or without; null of any other name. */
export function hashInName(name: string): string | null {
  return NAMED_BY_HASH.exec(name)?.[1] ?? null;
}

/** The name without its ending, by which YOLO and Pascal VOC find a picture's labels. */
export function nameStem(name: string): string {
  return name.replace(/\.[^./\\]*$/, '');
}

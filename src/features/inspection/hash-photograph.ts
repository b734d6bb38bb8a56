/** The perceptual hash of a stored photograph, off its thumbnail: a few kilobytes instead of as many megabytes. */
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { HASH_COLUMNS, HASH_ROWS, perceptualHash } from '../../core/domain/perceptual-hash.ts';
import type { BlobStore } from '../../platform/blobs/blob-store.ts';

/** @returns null where there is no thumbnail: such a photograph is compared with others by its pose alone */
export async function hashPhotograph(blobs: BlobStore, sha256: string): Promise<string | null> {
  const jpeg = await readFile(blobs.thumbnailPathOf(sha256)).catch(() => null);
  return jpeg && hashPicture(jpeg);
}

export async function hashPicture(picture: Buffer): Promise<string> {
  const greys = await sharp(picture)
    .greyscale()
    .resize(HASH_COLUMNS, HASH_ROWS, { fit: 'fill' })
    .raw()
    .toBuffer();
  return perceptualHash(greys);
}

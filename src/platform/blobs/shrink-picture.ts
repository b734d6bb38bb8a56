/** A small JPEG of a stored photograph, turned upright and without its metadata. */
import sharp from 'sharp';

const QUALITY = 70;

/** @param widthPx of the small one */
export async function shrinkPicture(bytes: Uint8Array, widthPx: number): Promise<Buffer> {
  return sharp(bytes).rotate().resize({ width: widthPx }).jpeg({ quality: QUALITY }).toBuffer();
}

/** Turns the bytes of an uploaded picture into upright RGB pixels, refusing what would harm or mislead. */
import sharp, { type Metadata } from 'sharp';
import { BadInput } from '../../core/domain/failure.ts';

export interface DecodedImage {
  /** RGB, row by row from the top left, after the camera's orientation has been applied. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** 360 MB of pixels; drones make up to 100 megapixels. */
export const MOST_PIXELS = 120_000_000;

const FORMATS = ['jpeg', 'png', 'webp', 'tiff'];

/** Size and type are known from the header: nothing is decoded before they are accepted. */
export async function decodeImage(bytes: Uint8Array): Promise<DecodedImage> {
  await inspectHeader(bytes);
  try {
    const { data, info } = await sharp(bytes, { failOn: 'error', limitInputPixels: MOST_PIXELS })
      .autoOrient()
      .flatten({ background: 'white' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return {
      data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      width: info.width,
      height: info.height,
    };
  } catch (cause) {
    throw new BadInput(
      'image-damaged',
      'The picture is damaged or cut short: it could not be decoded to its end.',
      { bytes: bytes.byteLength },
      { cause },
    );
  }
}

/** As it is seen, upright; from the header, without decoding. @throws BadInput if it is not a picture */
export async function imageSize(bytes: Uint8Array): Promise<{ width: number; height: number }> {
  const { autoOrient } = await readHeader(bytes);
  return { width: autoOrient.width, height: autoOrient.height };
}

async function inspectHeader(bytes: Uint8Array): Promise<void> {
  const metadata = await readHeader(bytes);
  const { format, width, height } = metadata;
  if (!FORMATS.includes(format)) {
    throw new BadInput('image-type', `The file is ${format}; pictures are taken as ${FORMATS.join(', ')}.`, {
      format,
    });
  }
  if (width * height > MOST_PIXELS) {
    throw new BadInput(
      'image-too-large',
      `The picture has ${width} x ${height} pixels; at most ${MOST_PIXELS / 1e6} million are taken.`,
      { width, height },
    );
  }
}

async function readHeader(bytes: Uint8Array): Promise<Metadata> {
  try {
    return await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch (cause) {
    throw new BadInput(
      'image-type',
      `The file is not a picture; pictures are taken as ${FORMATS.join(', ')}.`,
      { bytes: bytes.byteLength },
      { cause },
    );
  }
}

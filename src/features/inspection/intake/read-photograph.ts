/** What a photograph says of itself: type, size and what its camera wrote; with a small copy that shows it is whole. */
import { availableParallelism } from 'node:os';
import sharp, { type Metadata, type OutputInfo, type Sharp } from 'sharp';
import { BadInput } from '../../../core/domain/failure.ts';
import {
  measureQuality,
  qualityFlagsOf,
  type ImageQuality,
  type QualityFlag,
} from '../../../core/domain/image-quality.ts';
import type { Size } from '../../../core/geometry/plan-windows.ts';
import { PixelGate } from '../../../platform/blobs/pixel-gate.ts';
import { cameraRecord, type CameraRecord, type CameraRecordOptions } from './camera-record.ts';
import { readExif } from './read-exif.ts';
import { readXmp } from './read-xmp.ts';

export interface Photograph extends CameraRecord {
  readonly mediaType: string;
  /** Upright. */
  readonly widthPx: number;
  readonly heightPx: number;
  readonly quality: ImageQuality;
  readonly qualityFlags: readonly QualityFlag[];
}

export interface ReadPhotograph {
  readonly photograph: Photograph;
  /** JPEG, without anything that the camera wrote. */
  readonly thumbnail: Buffer;
}

interface SmallCopy {
  readonly data: Buffer;
  readonly info: OutputInfo;
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  tiff: 'image/tiff',
  webp: 'image/webp',
};

/** A JPEG decodes to a quarter at a fraction of the cost, and still reads every byte. */
const COPY_SHARE = 1 / 4;
/** The copy is no smaller than this, where the photograph isn't. */
const LEAST_COPY = { width: 640, height: 480 };
/** What is measured is half as large as the detector sees at best: a quarter of a large one, else half its frame. */
const LEAST_MEASURED = { width: 320, height: 240 };
/** Longer side. */
const THUMBNAIL_PX = 360;
const THUMBNAIL_QUALITY = 78;

/** A progressive JPEG or interlaced PNG is in memory as a whole and twice over, others a few lines at a time. */
const WHOLE_IN_MEMORY = 4;
/** Megapixels as above: about 800 MB when all of it is progressive. */
export const gate = new PixelGate(200, availableParallelism());

// Nothing is decoded twice, so remembering costs memory only; one picture a processor is the best use of both.
sharp.cache(false);
sharp.concurrency(1);

/**
 * Order matters: type and pixel count come from the header, before a decoder allocates anything.
 *
 * @throws BadInput `image-empty`, `image-type`, `image-animated`, `image-too-many-pixels` or `image-damaged`
 */
export async function readPhotograph(
  file: string,
  maxMegapixels: number,
  options: CameraRecordOptions,
): Promise<ReadPhotograph> {
  const header = await readHeader(file);
  const mediaType = MEDIA_TYPES[header.format]!;
  const megapixels = (header.width * header.height) / 1e6;
  if (megapixels > maxMegapixels) {
    throw new BadInput(
      'image-too-many-pixels',
      `The photograph has ${header.width} x ${header.height} pixels; at most ${maxMegapixels} million are accepted.`,
    );
  }
  const weight = header.isProgressive ? WHOLE_IN_MEMORY * megapixels : megapixels;
  const { width: widthPx, height: heightPx } = header.autoOrient;
  const copy = await gate.pass(weight, () => copySmall(file, header.autoOrient, maxMegapixels));
  const [thumbnail, quality] = await Promise.all([makeThumbnail(copy), measureCopy(copy, header.autoOrient)]);
  const exif = await readExif(header.format === 'tiff' ? file : (header.exif ?? Buffer.alloc(0)));
  const camera = cameraRecord(exif, readXmp(header.xmp ?? Buffer.alloc(0)), options);
  const qualityFlags = qualityFlagsOf(quality);
  return { photograph: { mediaType, widthPx, heightPx, quality, qualityFlags, ...camera }, thumbnail };
}

async function readHeader(file: string): Promise<Metadata> {
  const header = await sharp(file, { limitInputPixels: false })
    .metadata()
    .catch(() => null);
  if (!header || !MEDIA_TYPES[header.format]) {
    throw new BadInput('image-type', 'This file is not a photograph: JPEG, PNG, TIFF and WebP are accepted.');
  }
  // Pages of a TIFF are other sizes of one picture, or other pictures; the first one counts.
  if (header.format === 'webp' && (header.pages ?? 1) > 1) {
    throw new BadInput(
      'image-animated',
      `This is a film of ${header.pages} frames: photographs, which have one, are accepted.`,
    );
  }
  return header;
}

/** Upright RGB. @throws BadInput `image-damaged` when it cannot be decoded to its end */
async function copySmall(file: string, picture: Size, maxMegapixels: number): Promise<SmallCopy> {
  const { width, height } = copySize(picture, LEAST_COPY);
  try {
    return await sharp(file, {
      failOn: 'error',
      limitInputPixels: Math.ceil(maxMegapixels * 1e6),
      sequentialRead: true,
    })
      .autoOrient()
      .resize(width, height, { fit: 'fill' })
      .flatten({ background: 'white' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
  } catch (cause) {
    throw new BadInput(
      'image-damaged',
      'The photograph is damaged or cut short: send it again.',
      {},
      { cause },
    );
  }
}

function makeThumbnail(copy: SmallCopy): Promise<Buffer> {
  return readCopy(copy)
    .resize(THUMBNAIL_PX, THUMBNAIL_PX, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .jpeg({ quality: THUMBNAIL_QUALITY })
    .toBuffer();
}

/** On the copy itself where the photograph is large; of a small one on one half as large as the detector sees it. */
async function measureCopy(copy: SmallCopy, picture: Size): Promise<ImageQuality> {
  const { width, height } = copySize(picture, LEAST_MEASURED);
  const isSmall = width < copy.info.width;
  const data = isSmall
    ? await readCopy(copy).resize(width, height, { fit: 'fill' }).raw().toBuffer()
    : copy.data;
  return measureQuality({ data, width, height });
}

function copySize({ width, height }: Size, least: Size): Size {
  const share = Math.min(1, Math.max(COPY_SHARE, Math.min(least.width / width, least.height / height)));
  return { width: Math.max(1, Math.round(width * share)), height: Math.max(1, Math.round(height * share)) };
}

function readCopy({ data, info }: SmallCopy): Sharp {
  return sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } });
}

/** Of a photograph that was taken in before thumbnails were kept. */
export async function thumbnailOf(file: string, maxMegapixels: number): Promise<Buffer> {
  return gate.pass(maxMegapixels, async () =>
    makeThumbnail(await copySmall(file, (await readHeader(file)).autoOrient, maxMegapixels)),
  );
}

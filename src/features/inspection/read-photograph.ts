/** What a photograph says of itself: type, size, position and time; without decoding more than is needed. */
import exifr from 'exifr';
import sharp from 'sharp';
import { BadInput } from '../../core/domain/failure.ts';

export interface Photograph {
  readonly mediaType: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly takenAt: Date | null;
  readonly latitudeDeg: number | null;
  readonly longitudeDeg: number | null;
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  tiff: 'image/tiff',
  webp: 'image/webp',
};

/** Side of the small decode that proves a file is whole; JPEG decodes to an eighth at a fraction of the cost. */
const PROOF_PX = 64;

/**
 * Order matters: type and pixel count come from the header, before a decoder allocates anything.
 *
 * @throws BadInput `image-type`, `image-too-many-pixels` or `image-damaged`
 */
export async function readPhotograph(file: string, maxMegapixels: number): Promise<Photograph> {
  const header = await sharp(file, { limitInputPixels: false })
    .metadata()
    .catch(() => null);
  const mediaType = MEDIA_TYPES[header?.format ?? ''];
  if (!header || !mediaType) {
    throw new BadInput('image-type', 'This file is not a photograph: JPEG, PNG, TIFF and WebP are accepted.');
  }
  const megapixels = (header.width * header.height) / 1e6;
  if (megapixels > maxMegapixels) {
    throw new BadInput(
      'image-too-many-pixels',
      `The photograph has ${header.width} x ${header.height} pixels; at most ${maxMegapixels} million are accepted.`,
    );
  }
  await proveWhole(file, maxMegapixels);
  const { width, height } = header.autoOrient;
  return { mediaType, widthPx: width, heightPx: height, ...(await readCamera(file)) };
}

async function proveWhole(file: string, maxMegapixels: number): Promise<void> {
  try {
    await sharp(file, { failOn: 'truncated', limitInputPixels: Math.ceil(maxMegapixels * 1e6) })
      .resize(PROOF_PX, PROOF_PX, { fit: 'inside' })
      .raw()
      .toBuffer();
  } catch (cause) {
    throw new BadInput(
      'image-damaged',
      'The photograph is damaged or cut short: send it again.',
      {},
      { cause },
    );
  }
}

async function readCamera(
  file: string,
): Promise<Pick<Photograph, 'takenAt' | 'latitudeDeg' | 'longitudeDeg'>> {
  // A camera that writes nonsense does not make the picture worthless: it waits among the unmatched.
  const tags = await exifr
    .parse(file, { reviveValues: false, gps: true, pick: CAMERA_TAGS })
    .then((found: CameraTags | undefined) => found ?? {})
    .catch((): CameraTags => ({}));
  return {
    takenAt: readTime(tags.DateTimeOriginal, tags.OffsetTimeOriginal),
    latitudeDeg: within(tags.latitude, 90),
    longitudeDeg: within(tags.longitude, 180),
  };
}

const CAMERA_TAGS = [
  'DateTimeOriginal',
  'OffsetTimeOriginal',
  'GPSLatitude',
  'GPSLatitudeRef',
  'GPSLongitude',
  'GPSLongitudeRef',
];

interface CameraTags {
  readonly DateTimeOriginal?: string;
  readonly OffsetTimeOriginal?: string;
  readonly latitude?: number;
  readonly longitude?: number;
}

/** EXIF writes `2026:07:01 12:30:00` with the zone apart; without a zone the camera is taken to run on UTC. */
function readTime(text: string | undefined, offset: string | undefined): Date | null {
  const match = /^(\d{4}):(\d{2}):(\d{2}) (\d{2}:\d{2}:\d{2})/.exec(text ?? '');
  if (!match) return null;
  const zone = /^[+-]\d{2}:\d{2}$/.test(offset ?? '') ? offset : 'Z';
  const time = new Date(`${match[1]}-${match[2]}-${match[3]}T${match[4]}${zone}`);
  return Number.isNaN(time.getTime()) ? null : time;
}

function within(degrees: number | undefined, limit: number): number | null {
  return degrees !== undefined && Number.isFinite(degrees) && Math.abs(degrees) <= limit ? degrees : null;
}

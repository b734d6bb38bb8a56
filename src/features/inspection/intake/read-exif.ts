/** The EXIF tags that say when, where and how a photograph was taken, as the camera wrote them. */
import exifr from 'exifr';

export interface ExifTags {
  readonly Make?: unknown;
  readonly Model?: unknown;
  readonly DateTimeOriginal?: unknown;
  readonly SubSecTimeOriginal?: unknown;
  readonly OffsetTimeOriginal?: unknown;
  readonly FocalLength?: unknown;
  readonly FocalLengthIn35mmFormat?: unknown;
  readonly GPSLatitudeRef?: unknown;
  readonly GPSLatitude?: unknown;
  readonly GPSLongitudeRef?: unknown;
  readonly GPSLongitude?: unknown;
  readonly GPSTimeStamp?: unknown;
  readonly GPSDateStamp?: unknown;
  readonly GPSImgDirectionRef?: unknown;
  readonly GPSImgDirection?: unknown;
  readonly GPSHPositioningError?: unknown;
}

const PICKED = [
  'Make',
  'Model',
  'DateTimeOriginal',
  'SubSecTimeOriginal',
  'OffsetTimeOriginal',
  'FocalLengthIn35mmFormat',
  'GPSLatitudeRef',
  'GPSLatitude',
  'GPSLongitudeRef',
  'GPSLongitude',
  'GPSTimeStamp',
  'GPSDateStamp',
  'GPSImgDirectionRef',
  'GPSImgDirection',
  // GPSHPositioningError, for which the library has no name.
  0x001f,
];

/** Neither maker notes nor thumbnails nor a second directory: no chain of directories is followed. */
const OPTIONS = {
  pick: PICKED,
  tiff: true,
  ifd1: false,
  interop: false,
  makerNote: false,
  userComment: false,
  xmp: false,
  icc: false,
  iptc: false,
  jfif: false,
  reviveValues: false,
  translateValues: false,
} as unknown as Parameters<typeof exifr.parse>[1];

const PREFIX = Buffer.from('Exif\0\0');

/**
 * @param source the EXIF block of a file, or the name of a TIFF file, which is one
 * @returns what could be read; a camera that writes nonsense does not make the picture worthless
 */
export async function readExif(source: Buffer | string): Promise<ExifTags> {
  const block =
    typeof source !== 'string' && source.subarray(0, PREFIX.length).equals(PREFIX)
      ? source.subarray(PREFIX.length)
      : source;
  try {
    const tags = (await exifr.parse(block, OPTIONS)) as Record<string | number, unknown> | undefined;
    return { ...tags, ...(tags?.[0x001f] === undefined ? {} : { GPSHPositioningError: tags[0x001f] }) };
  } catch {
    return {};
  }
}

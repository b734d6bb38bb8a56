/** What a photograph's EXIF and XMP say of when, where and in which direction it was taken, with what cannot be left out. */
import { captureTime, type CaptureTime } from '../../../core/domain/capture-time.ts';
import { positionSigmaMetre } from '../../../core/geometry/position-error.ts';
import type { ExifTags } from './read-exif.ts';

export interface CameraRecord {
  readonly takenAt: Date | null;
  readonly takenAtSource: CaptureTime['source'];
  readonly utcOffsetMinutes: number | null;
  readonly cameraModel: string | null;
  readonly latitudeDeg: number | null;
  readonly longitudeDeg: number | null;
  readonly positionSigmaMetre: number | null;
  readonly rtkFlag: number | null;
  readonly relativeAltitudeMetre: number | null;
  readonly yawDeg: number | null;
  readonly yawSigmaDeg: number | null;
  readonly pitchDeg: number | null;
  readonly focalLength35Mm: number | null;
  readonly warnings: readonly string[];
}

export interface CameraRecordOptions {
  readonly receivedAt: Date;
  /** Of cameras that do not say their time zone. */
  readonly assumedOffsetMinutes: number;
}

/** Standard deviations of where the camera looks: a gimbal, a compass, a compass whose declination is not known. */
const GIMBAL_YAW_DEG = 4;
const TRUE_BEARING_DEG = 8;
const MAGNETIC_BEARING_DEG = 15;
/** Drones fly at most some hundred metres above where they took off. */
const MOST_RELATIVE_ALTITUDE_METRE = 10_000;

export function cameraRecord(
  exif: ExifTags,
  xmp: ReadonlyMap<string, string>,
  { receivedAt, assumedOffsetMinutes }: CameraRecordOptions,
): CameraRecord {
  const time = captureTime(
    {
      utcAtExposure: xmp.get('UTCAtExposure') ?? null,
      local: text(exif.DateTimeOriginal),
      subSeconds: text(exif.SubSecTimeOriginal),
      offset: text(exif.OffsetTimeOriginal),
      gpsDate: text(exif.GPSDateStamp),
      gpsTime: numbers(exif.GPSTimeStamp),
      xmp: xmp.get('DateTimeOriginal') ?? xmp.get('CreateDate') ?? null,
    },
    receivedAt,
    assumedOffsetMinutes,
  );
  const warnings = [...time.warnings];
  const position = readPosition(exif, xmp, warnings);
  const rtkFlag = position ? whole(xmpNumber(xmp, 'RtkFlag')) : null;
  return {
    takenAt: time.takenAt,
    takenAtSource: time.source,
    utcOffsetMinutes: time.utcOffsetMinutes,
    cameraModel: [text(exif.Make), text(exif.Model)].filter(Boolean).join(' ').slice(0, 100) || null,
    latitudeDeg: position?.latitudeDeg ?? null,
    longitudeDeg: position?.longitudeDeg ?? null,
    rtkFlag,
    positionSigmaMetre:
      position &&
      positionSigmaMetre({
        rtkFlag,
        rtkStdLatitudeMetre: within(xmpNumber(xmp, 'RtkStdLat'), 0, 1e3),
        rtkStdLongitudeMetre: within(xmpNumber(xmp, 'RtkStdLon'), 0, 1e3),
        horizontalErrorMetre: within(number(exif.GPSHPositioningError), 0, 1e4),
      }),
    relativeAltitudeMetre: within(
      xmpNumber(xmp, 'RelativeAltitude'),
      -MOST_RELATIVE_ALTITUDE_METRE,
      MOST_RELATIVE_ALTITUDE_METRE,
    ),
    ...readDirection(exif, xmp),
    focalLength35Mm: within(number(exif.FocalLengthIn35mmFormat), 1, 5_000),
    warnings,
  };
}

/** XMP has more digits than EXIF, and its sign cannot get lost. */
function readPosition(
  exif: ExifTags,
  xmp: ReadonlyMap<string, string>,
  warnings: string[],
): { readonly latitudeDeg: number; readonly longitudeDeg: number } | null {
  const pairs = [
    // Older firmware misspells its longitude.
    [xmpNumber(xmp, 'GpsLatitude'), xmpNumber(xmp, 'GpsLongitude') ?? xmpNumber(xmp, 'GpsLongtitude')],
    [
      sexagesimal(numbers(exif.GPSLatitude), text(exif.GPSLatitudeRef), 'S', 'N'),
      sexagesimal(numbers(exif.GPSLongitude), text(exif.GPSLongitudeRef), 'W', 'E'),
    ],
  ] as const;
  for (const [latitudeDeg, longitudeDeg] of pairs) {
    if (latitudeDeg === null || longitudeDeg === null) continue;
    // What a receiver without a fix writes.
    if (latitudeDeg === 0 && longitudeDeg === 0) continue;
    if (Math.abs(latitudeDeg) <= 90 && Math.abs(longitudeDeg) <= 180) return { latitudeDeg, longitudeDeg };
    warnings.push(`the position ${latitudeDeg}, ${longitudeDeg} is not on Earth`);
  }
  return null;
}

function readDirection(
  exif: ExifTags,
  xmp: ReadonlyMap<string, string>,
): Pick<CameraRecord, 'yawDeg' | 'yawSigmaDeg' | 'pitchDeg'> {
  // A pitch of -90.3 is a gimbal at its stop.
  const pitch = within(xmpNumber(xmp, 'GimbalPitchDegree'), -180, 180);
  const pitchDeg = pitch === null ? null : Math.max(-90, Math.min(90, pitch));
  const gimbal = within(xmpNumber(xmp, 'GimbalYawDegree'), -360, 360);
  if (gimbal !== null) return { yawDeg: turn(gimbal), yawSigmaDeg: GIMBAL_YAW_DEG, pitchDeg };
  const bearing = within(number(exif.GPSImgDirection), 0, 360);
  if (bearing === null) return { yawDeg: null, yawSigmaDeg: null, pitchDeg };
  const isTrue = text(exif.GPSImgDirectionRef) === 'T';
  return { yawDeg: turn(bearing), yawSigmaDeg: isTrue ? TRUE_BEARING_DEG : MAGNETIC_BEARING_DEG, pitchDeg };
}

function turn(degrees: number): number {
  return ((degrees % 360) + 360) % 360;
}

/** Degrees, minutes, seconds with the letter of the hemisphere, without which they say nothing. */
function sexagesimal(
  parts: readonly number[] | null,
  hemisphere: string | null,
  negative: string,
  positive: string,
): number | null {
  if (!parts || parts.length < 1 || parts.length > 3 || !parts.every(Number.isFinite)) return null;
  const [degrees = 0, minutes = 0, seconds = 0] = parts;
  const size = degrees + minutes / 60 + seconds / 3600;
  const letter = hemisphere?.trim().toUpperCase();
  if (letter === negative) return -size;
  return letter === positive ? size : null;
}

function xmpNumber(xmp: ReadonlyMap<string, string>, name: string): number | null {
  const value = xmp.get(name)?.trim();
  return value ? number(Number(value)) : null;
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function numbers(value: unknown): readonly number[] | null {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.every((part) => typeof part === 'number') ? list : null;
}

function whole(value: number | null): number | null {
  return value !== null && Number.isInteger(value) && value >= 0 && value <= 1_000 ? value : null;
}

function within(value: number | null, lowest: number, highest: number): number | null {
  return value !== null && value >= lowest && value <= highest ? value : null;
}

/** Cameras pad with zeros, and zero bytes can't be stored as text. */
function text(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  return (
    value
      .replace(/\p{Cc}/gu, '')
      .replace(/\p{Cs}/gu, '\ufffd')
      .trim() || null
  );
}

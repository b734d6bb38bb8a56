/** When a photograph was taken, out of what its camera wrote: clocks without a zone, clocks that were never set. */

/** As the tags have it; null where the tag is absent. */
export interface CameraClock {
  /** XMP UTCAtExposure: ISO 8601, in UTC even where it does not say so. */
  readonly utcAtExposure: string | null;
  /** EXIF DateTimeOriginal: `2026:07:01 12:30:00`, on the camera's clock. */
  readonly local: string | null;
  /** EXIF SubSecTimeOriginal: decimals of the second. */
  readonly subSeconds: string | null;
  /** EXIF OffsetTimeOriginal: `+02:00`. */
  readonly offset: string | null;
  /** EXIF GPSDateStamp: `2026:07:01`, UTC. */
  readonly gpsDate: string | null;
  /** EXIF GPSTimeStamp: hours, minutes, seconds, UTC. */
  readonly gpsTime: readonly number[] | null;
  /** XMP CreateDate or DateTimeOriginal, of use where it has a zone. */
  readonly xmp: string | null;
}

/** From the most to the least to be trusted. */
export type TimeSource = 'utc-at-exposure' | 'exif-offset' | 'gps' | 'xmp-offset' | 'assumed-offset';

export interface CaptureTime {
  readonly takenAt: Date | null;
  readonly source: TimeSource | null;
  /** Of the camera's clock, east positive. */
  readonly utcOffsetMinutes: number | null;
  readonly warnings: readonly string[];
}

/** No drone carried a digital camera before. */
const EARLIEST_MS = Date.UTC(2000, 0, 1);
/** A clock taken for that of another zone is ahead by up to 14 hours. */
const AHEAD_MS = 24 * 3_600_000;
const QUARTER_MINUTES = 15;
const FARTHEST_ZONE_MINUTES = 14 * 60;

/** @param assumedOffsetMinutes of clocks that do not say their zone */
export function captureTime(clock: CameraClock, receivedAt: Date, assumedOffsetMinutes: number): CaptureTime {
  const localMs = readLocal(clock.local, clock.subSeconds);
  const told = readOffset(clock.offset);
  const candidates: readonly [TimeSource, number | null][] = [
    ['utc-at-exposure', readIso(clock.utcAtExposure, true)],
    ['exif-offset', localMs === null || told === null ? null : localMs - told * 60_000],
    ['gps', readGps(clock.gpsDate, clock.gpsTime)],
    ['xmp-offset', readIso(clock.xmp, false)],
    ['assumed-offset', localMs === null ? null : localMs - assumedOffsetMinutes * 60_000],
  ];
  const warnings: string[] = [];
  for (const [source, ms] of candidates) {
    if (ms === null) continue;
    if (ms >= EARLIEST_MS && ms <= receivedAt.getTime() + AHEAD_MS) {
      return {
        takenAt: new Date(ms),
        source,
        utcOffsetMinutes: told ?? offsetBetween(localMs, ms, source),
        warnings,
      };
    }
    warnings.push(`the time ${describe(ms)} (${source}) cannot be: the camera's clock was not set`);
  }
  return { takenAt: null, source: null, utcOffsetMinutes: told, warnings };
}

/** How far the camera's clock is from UTC, where that could be a time zone. */
function offsetBetween(localMs: number | null, utcMs: number, source: TimeSource): number | null {
  if (localMs === null || source === 'assumed-offset') return null;
  const minutes = QUARTER_MINUTES * Math.round((localMs - utcMs) / 60_000 / QUARTER_MINUTES);
  return Math.abs(minutes) <= FARTHEST_ZONE_MINUTES ? minutes : null;
}

function readLocal(text: string | null, subSeconds: string | null): number | null {
  const match = /^(\d{4})[:-](\d{2})[:-](\d{2})[ T](\d{2}):(\d{2}):(\d{2})/.exec(text ?? '');
  if (!match) return null;
  const decimals = /^\d{1,9}/.exec(subSeconds?.trim() ?? '')?.[0] ?? '0';
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return null;
  return Date.UTC(year, month - 1, day, hour, minute, second) + Math.floor(Number(`0.${decimals}`) * 1000);
}

/** @returns minutes east of UTC */
export function readOffset(text: string | null): number | null {
  if (text?.trim() === 'Z') return 0;
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(text?.trim() ?? '');
  if (!match) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  if (minutes > FARTHEST_ZONE_MINUTES) return null;
  return match[1] === '-' ? -minutes : minutes;
}

function readGps(date: string | null, time: readonly number[] | null): number | null {
  if (!date || time?.length !== 3 || !time.every((part) => Number.isFinite(part) && part >= 0)) return null;
  const [hour, minute, second] = time as [number, number, number];
  const midnight = readLocal(`${date} 00:00:00`, null);
  return midnight === null ? null : midnight + (hour * 3600 + minute * 60 + second) * 1000;
}

function readIso(text: string | null, isUtc: boolean): number | null {
  const match = /^(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:?\d{2})?$/.exec(
    text?.trim() ?? '',
  );
  if (!match) return null;
  const [, moment, decimals, zone] = match;
  const offset = readOffset(zone ?? null) ?? (isUtc ? 0 : null);
  const local = readLocal(moment!, decimals?.slice(1) ?? null);
  return offset === null || local === null ? null : local - offset * 60_000;
}

function describe(ms: number): string {
  return Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString() : 'given';
}

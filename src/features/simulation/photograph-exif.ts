/** Writes when and where a rendered photograph was "taken", as a drone's camera does. */
import type { Exif } from 'sharp';

export interface PhotographOrigin {
  readonly takenAt?: Date;
  /** North positive. */
  readonly latitudeDeg?: number;
  /** East positive. */
  readonly longitudeDeg?: number;
  /** Above sea level. */
  readonly altitudeMetre?: number;
}

/** Fractions of an arc second kept: 1e-4 of one is 3 mm on the ground. */
const SECONDS_SCALE = 10_000;
const CENTIMETRES = 100;

/** In sharp's terms IFD2 is the Exif directory and IFD3 the GPS directory. */
export function exifOf({ takenAt, latitudeDeg, longitudeDeg, altitudeMetre }: PhotographOrigin): Exif {
  const exif: Exif = { IFD0: { Make: 'Spanwatch', Model: 'Rendered photograph' } };
  if (takenAt !== undefined) {
    const time = takenAt.toISOString().slice(0, 19).replace('T', ' ').replaceAll('-', ':');
    exif.IFD2 = { DateTimeOriginal: time, OffsetTimeOriginal: '+00:00' };
  }
  if (latitudeDeg !== undefined && longitudeDeg !== undefined) {
    exif.IFD3 = {
      GPSLatitudeRef: latitudeDeg < 0 ? 'S' : 'N',
      GPSLatitude: degreesMinutesSeconds(latitudeDeg),
      GPSLongitudeRef: longitudeDeg < 0 ? 'W' : 'E',
      GPSLongitude: degreesMinutesSeconds(longitudeDeg),
    };
    if (altitudeMetre !== undefined) {
      exif.IFD3['GPSAltitudeRef'] = altitudeMetre < 0 ? '1' : '0';
      exif.IFD3['GPSAltitude'] = `${Math.round(Math.abs(altitudeMetre) * CENTIMETRES)}/${CENTIMETRES}`;
    }
  }
  return exif;
}

/** Three fractions; rounded as a whole first, so that 59.99999 seconds carry over. */
function degreesMinutesSeconds(degrees: number): string {
  const total = Math.round(Math.abs(degrees) * 3600 * SECONDS_SCALE);
  const perMinute = 60 * SECONDS_SCALE;
  const perDegree = 60 * perMinute;
  const minutes = Math.floor((total % perDegree) / perMinute);
  return `${Math.floor(total / perDegree)}/1 ${minutes}/1 ${total % perMinute}/${SECONDS_SCALE}`;
}

/** Where the sun stands, and what it sends through a clear or a clouded sky. */

const DAY_MS = 86_400_000;

/** Local solar time in hours, 0..24, without the equation of time (at most 17 min off). */
export function solarHour(atMs: number, longitudeDeg: number): number {
  const hour = ((atMs % DAY_MS) / DAY_MS) * 24 + longitudeDeg / 15;
  return ((hour % 24) + 24) % 24;
}

/** Day of the year, 0 on the first of January, with its fraction. */
export function dayOfYear(atMs: number): number {
  return (atMs - Date.UTC(new Date(atMs).getUTCFullYear(), 0, 1)) / DAY_MS;
}

/** Sine of the sun's elevation, negative at night; Cooper's declination, within 0.4° of the almanac. */
export function sineSolarElevation(atMs: number, latitudeDeg: number, longitudeDeg: number): number {
  const declination = ((23.45 * Math.PI) / 180) * Math.sin((2 * Math.PI * (dayOfYear(atMs) + 285)) / 365);
  const latitude = (latitudeDeg * Math.PI) / 180;
  const hourAngle = ((solarHour(atMs, longitudeDeg) - 12) * Math.PI) / 12;
  return (
    Math.sin(latitude) * Math.sin(declination) +
    Math.cos(latitude) * Math.cos(declination) * Math.cos(hourAngle)
  );
}

/** Global radiation on level ground: clear sky and cloud factor after Kasten and Czeplak (1980). */
export function solarWattPerSquareMetre(sineElevation: number, cloudCover: number): number {
  const clear = Math.max(0, 910 * sineElevation - 30);
  return clear * (1 - 0.75 * cloudCover ** 3.4);
}

/** Distances on the ground, good to 0.5 % over the kilometres between a drone and a tower. */

/** IUGG mean radius. */
const EARTH_RADIUS_METRE = 6_371_009;

/** Great-circle distance by the haversine formula, in metres. */
export function distanceMetre(
  a: { readonly latitudeDeg: number; readonly longitudeDeg: number },
  b: { readonly latitudeDeg: number; readonly longitudeDeg: number },
): number {
  const latitudeA = radians(a.latitudeDeg);
  const latitudeB = radians(b.latitudeDeg);
  const haversine =
    Math.sin((latitudeB - latitudeA) / 2) ** 2 +
    Math.cos(latitudeA) * Math.cos(latitudeB) * Math.sin(radians(b.longitudeDeg - a.longitudeDeg) / 2) ** 2;
  return 2 * EARTH_RADIUS_METRE * Math.asin(Math.min(1, Math.sqrt(haversine)));
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

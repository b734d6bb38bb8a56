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

/** Where a point lies from another on the plane that touches the ground there; good to 1e-4 over a kilometre. */
export function offsetMetre(
  from: { readonly latitudeDeg: number; readonly longitudeDeg: number },
  to: { readonly latitudeDeg: number; readonly longitudeDeg: number },
): { readonly eastMetre: number; readonly northMetre: number } {
  const eastDeg = ((to.longitudeDeg - from.longitudeDeg + 540) % 360) - 180; // across the date line, too
  const shrink = Math.cos(radians((from.latitudeDeg + to.latitudeDeg) / 2));
  return {
    eastMetre: EARTH_RADIUS_METRE * radians(eastDeg) * shrink,
    northMetre: EARTH_RADIUS_METRE * radians(to.latitudeDeg - from.latitudeDeg),
  };
}

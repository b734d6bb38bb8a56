/** Where the towers of a made-up line stand: about 300 m apart, on a route that bends a little. */
import type { Random } from '../../core/statistics/random.ts';

export interface RoutePoint {
  readonly latitudeDeg: number;
  readonly longitudeDeg: number;
  readonly spanMetre: number;
}

/** Open plains in the middle of North America. */
const ORIGIN = { latitudeDeg: 38.42, longitudeDeg: -98.61 };
/** Lines start this far from one another, on a square of this many a side. */
const LINE_DISTANCE_METRE = 7000;
const LINES_A_SIDE = 32;
const METRE_PER_DEGREE = 111_320;

/** The point that lies so far away in that direction; flat earth, good to a metre over a few kilometres. */
export function moveMetre(
  from: { readonly latitudeDeg: number; readonly longitudeDeg: number },
  bearingDeg: number,
  metre: number,
): { latitudeDeg: number; longitudeDeg: number } {
  const bearing = (bearingDeg * Math.PI) / 180;
  const shrink = Math.cos((from.latitudeDeg * Math.PI) / 180);
  return {
    latitudeDeg: toMicrodegree(from.latitudeDeg + (metre * Math.cos(bearing)) / METRE_PER_DEGREE),
    longitudeDeg: toMicrodegree(
      from.longitudeDeg + (metre * Math.sin(bearing)) / (METRE_PER_DEGREE * shrink),
    ),
  };
}

export function layRoute(
  lineIndex: number,
  towerCount: number,
  random: Random,
): { bearingDeg: number; points: RoutePoint[] } {
  const row = Math.floor(lineIndex / LINES_A_SIDE);
  const column = lineIndex % LINES_A_SIDE;
  let place = moveMetre(
    moveMetre(ORIGIN, 0, column * LINE_DISTANCE_METRE),
    90,
    row * LINE_DISTANCE_METRE + 400 * random.uniform(),
  );
  const bearingDeg = 70 + 40 * random.uniform();
  const points: RoutePoint[] = [];
  for (let tower = 0; tower < towerCount; tower++) {
    const spanMetre = Math.round(300 + 12 * random.normal());
    points.push({ ...place, spanMetre });
    place = moveMetre(place, bearingDeg + 4 * random.normal(), spanMetre);
  }
  return { bearingDeg, points };
}

/** 0.1 m: finer than any survey of a tower. */
function toMicrodegree(degree: number): number {
  return Math.round(degree * 1e6) / 1e6;
}

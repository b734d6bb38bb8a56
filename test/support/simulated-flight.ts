/**
 * Inspection flights along two circuits that run side by side, with what the drone tells and what it really did: its
 * position and its compass are off by a constant of the flight and by a little more on each picture.
 *
 * Made to be unlike the assumptions of `weighTowers` where reality is: stand-offs are even over a range, pilots fly
 * along one side, circuits are staggered.
 */
import type { CameraPose } from '../../src/core/geometry/camera-pose.ts';
import { fieldOfView, type FieldOfView } from '../../src/core/geometry/camera-pose.ts';
import { positionSigmaMetre } from '../../src/core/geometry/position-error.ts';
import type { TowerPlace } from '../../src/core/geometry/tower-match.ts';
import type { Random } from '../../src/core/statistics/random.ts';

export type Receiver = 'rtk' | 'uncorrected';

export interface SimulatedPicture {
  readonly pose: CameraPose;
  readonly towers: readonly TowerPlace[];
  /** Null for a picture of none of them: of the landing place, a span, the view. */
  readonly truth: TowerPlace | null;
}

const ORIGIN = { latitudeDeg: 47.3, longitudeDeg: 8.5 };
const METRE_PER_DEGREE = 111_195; // of the sphere that the geodesy of core stands on
const FOCAL_LENGTHS_MM = [24, 35, 48, 70];
const SIZE = { widthPx: 4000, heightPx: 3000 };
/** By axis: constant over a flight, and picture by picture. */
export const POSITION_METRE: Readonly<Record<Receiver, readonly [number, number]>> = {
  rtk: [0.02, 0.02],
  uncorrected: [3.2, 2.4],
};
export const YAW_DEG = [3, 2] as const;
const TOWER_METRE = 1.5;
/** Standard deviation of the aim, in widths of the frame. */
const AIM_SHARE = 1 / 7;
const CLOSEST_METRE = 7;
const SPAN_METRE = 300;
/** Pictures of a tower as a whole, from afar. */
const OVERVIEW_SHARE = 0.03;
/** Pictures of no tower. */
const IDLE_SHARE = 0.03;

interface Spot {
  readonly east: number;
  readonly north: number;
}
interface Stand {
  readonly id: TowerPlace;
  readonly really: Spot;
}

export function flyInspection(random: Random, receiver: Receiver, pictures: number): SimulatedPicture[] {
  const stands = buildLines(random);
  const [flightError, pictureError] = POSITION_METRE[receiver];
  const bias = { east: flightError * random.normal(), north: flightError * random.normal() };
  const yawBias = YAW_DEG[0] * random.normal();
  const view = fieldOfView(FOCAL_LENGTHS_MM[Math.floor(random.uniform() * 4)]!, SIZE);
  const towers = stands.map(({ id }) => id);
  return Array.from({ length: pictures }, () => {
    const shot = random.uniform() < IDLE_SHARE ? idleShot(random) : towerShot(random, stands, view);
    const pose: CameraPose = {
      ...toDegrees({
        east: shot.drone.east + bias.east + pictureError * random.normal(),
        north: shot.drone.north + bias.north + pictureError * random.normal(),
      }),
      positionSigmaMetre: positionSigmaMetre({
        rtkFlag: receiver === 'rtk' ? 50 : null,
        rtkStdLatitudeMetre: receiver === 'rtk' ? 0.02 : null,
        rtkStdLongitudeMetre: receiver === 'rtk' ? 0.02 : null,
        horizontalErrorMetre: null,
      }),
      relativeAltitudeMetre: shot.altitudeMetre + random.normal(),
      yawDeg: shot.yawDeg + yawBias + YAW_DEG[1] * random.normal(),
      yawSigmaDeg: 4,
      pitchDeg: Math.max(-90, Math.min(30, shot.pitchDeg)),
      view,
    };
    return { pose, towers, truth: shot.target };
  });
}

interface Shot {
  readonly target: TowerPlace | null;
  readonly drone: Spot;
  readonly altitudeMetre: number;
  readonly yawDeg: number;
  readonly pitchDeg: number;
}

function towerShot(random: Random, stands: readonly Stand[], view: FieldOfView): Shot {
  const target = stands[Math.floor(random.uniform() * stands.length)]!;
  const aimHeight = between(random, 10, 40);
  for (;;) {
    const distance = random.uniform() < OVERVIEW_SHARE ? between(random, 32, 80) : between(random, 10, 32);
    const elevation = radians(between(random, -25, 40));
    const drone = moved(target.really, radians(between(random, 0, 360)), distance * Math.cos(elevation));
    const altitudeMetre = aimHeight + distance * Math.sin(elevation);
    if (altitudeMetre < 3 || stands.some(({ really }) => away(drone, really) < CLOSEST_METRE)) continue;
    const [east, north] = [target.really.east - drone.east, target.really.north - drone.north];
    const slope = degrees(Math.atan2(aimHeight - altitudeMetre, Math.hypot(east, north)));
    const pitchDeg = slope + AIM_SHARE * view.verticalDeg * random.normal();
    const side =
      (AIM_SHARE * view.horizontalDeg * random.normal()) / Math.max(0.2, Math.cos(radians(pitchDeg)));
    return {
      target: target.id,
      drone,
      altitudeMetre,
      yawDeg: degrees(Math.atan2(east, north)) + side,
      pitchDeg,
    };
  }
}

function idleShot(random: Random): Shot {
  return {
    target: null,
    drone: { east: between(random, -50, 2 * SPAN_METRE + 50), north: between(random, -60, 100) },
    altitudeMetre: between(random, 0, 70),
    yawDeg: between(random, 0, 360),
    pitchDeg: between(random, -90, 20),
  };
}

/** Two circuits, 22 to 45 m apart, the towers of the second up to 60 m further along; the map is off by a little. */
function buildLines(random: Random): Stand[] {
  const separation = 22 + 23 * random.uniform();
  const stagger = 60 * random.uniform() * (random.uniform() < 0.5 ? 0 : 1);
  return ['A', 'B'].flatMap((lineId, circuit) =>
    Array.from({ length: 3 }, (_, index): Stand => {
      const really = { east: SPAN_METRE * index + circuit * stagger, north: circuit * separation };
      const mapped = {
        east: really.east + TOWER_METRE * random.normal(),
        north: really.north + TOWER_METRE * random.normal(),
      };
      return { really, id: { lineId, towerId: `T${index + 1}`, ...toDegrees(mapped) } };
    }),
  );
}

function toDegrees({ east, north }: Spot): { latitudeDeg: number; longitudeDeg: number } {
  const latitudeDeg = ORIGIN.latitudeDeg + north / METRE_PER_DEGREE;
  const shrink = Math.cos(radians((latitudeDeg + ORIGIN.latitudeDeg) / 2));
  return { latitudeDeg, longitudeDeg: ORIGIN.longitudeDeg + east / (METRE_PER_DEGREE * shrink) };
}

function moved({ east, north }: Spot, azimuth: number, metre: number): Spot {
  return { east: east + metre * Math.sin(azimuth), north: north + metre * Math.cos(azimuth) };
}

function away(a: Spot, b: Spot): number {
  return Math.hypot(a.east - b.east, a.north - b.north);
}

function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random.uniform();
}

function radians(degree: number): number {
  return (degree * Math.PI) / 180;
}

function degrees(radian: number): number {
  return (radian * 180) / Math.PI;
}

/**
 * Which tower a photograph shows: every tower near is weighed by how well it explains where the camera was and where it
 * looked, and so is the possibility that the picture shows none of them.
 *
 * The position is uncertain, so each tower's likelihood is averaged over the places where the drone may really have
 * been; what comes out are probabilities that hold true (see the spec, which flies simulated missions).
 */
import { offsetMetre } from '../domain/geodesy.ts';
import type { CameraPose } from './camera-pose.ts';
import { directionDensity, direction, type Direction } from './aim.ts';

export interface TowerPlace {
  readonly lineId: string;
  readonly towerId: string;
  readonly latitudeDeg: number;
  readonly longitudeDeg: number;
}

export interface WeighedTower<Tower extends TowerPlace = TowerPlace> {
  readonly tower: Tower;
  /** That the photograph shows this tower; all of them and that of none add up to 1. */
  readonly probability: number;
}

export interface TowerWeights<Tower extends TowerPlace = TowerPlace> {
  /** The likeliest first. */
  readonly towers: readonly WeighedTower<Tower>[];
  readonly none: number;
}

/** Surveyed or read off a map: standard deviation of a tower's position, each axis. */
const TOWER_SIGMA_METRE = 1.5;

/**
 * From how far towers are photographed: mostly from 10 to 30 m, sometimes from afar. Two log-normal shares; `spread` is
 * the standard deviation of the logarithm.
 */
const STAND_OFFS = [
  { share: 0.95, medianMetre: 19, spread: 0.38 },
  { share: 0.05, medianMetre: 50, spread: 0.6 },
];
const STAND_OFF_TERMS = STAND_OFFS.map(({ share, medianMetre, spread }) => ({
  scale: share / (spread * Math.sqrt(2 * Math.PI)),
  logMedian: Math.log(medianMetre),
  spread,
}));
/** Heights above the point of take-off at which pilots aim: from the foot of the tower to its peak. */
const AIM_HEIGHTS_METRE = [6, 15, 24, 33, 42];

/** Pictures of the landing place, of a span, of the sky: to one of a certain tower. */
const NONE_WEIGHT = 0.04;
/** Over how much air and ground those are spread about a tower. */
const NONE_AREA_SQUARE_METRE = Math.PI * 150 ** 2;
const NONE_VOLUME_CUBIC_METRE = NONE_AREA_SQUARE_METRE * 100;

/** No camera is in what it photographs. */
const LEAST_METRE = 0.1;

/** From farther away nobody photographs a tower. */
export const FARTHEST_METRE = 300;

/** How many standard deviations of the position are looked at. */
const REACH_SIGMAS = 3;

/** @param towers near the camera, in any order; what stands beyond `FARTHEST_METRE` weighs nothing */
export function weighTowers<Tower extends TowerPlace>(
  pose: CameraPose,
  towers: readonly Tower[],
): TowerWeights<Tower> {
  const looks = direction(pose);
  const none = NONE_WEIGHT * noneDensity(pose, looks);
  const weights = towers.map((tower) => likelihood(pose, looks, tower));
  const total = weights.reduce((sum, weight) => sum + weight, none);
  return {
    towers: towers
      .map((tower, index) => ({ tower, probability: weights[index]! / total }))
      .sort((a, b) => b.probability - a.probability),
    none: none / total,
  };
}

function noneDensity({ relativeAltitudeMetre }: CameraPose, looks: Direction): number {
  return looks.anywhere / (relativeAltitudeMetre === null ? NONE_AREA_SQUARE_METRE : NONE_VOLUME_CUBIC_METRE);
}

/** Density of the camera's position and direction given that it photographs this tower. */
function likelihood(pose: CameraPose, looks: Direction, tower: TowerPlace): number {
  const { eastMetre, northMetre } = offsetMetre(pose, tower);
  const sigma = Math.hypot(pose.positionSigmaMetre, TOWER_SIGMA_METRE);
  const distance = Math.hypot(eastMetre, northMetre);
  if (distance > FARTHEST_METRE + REACH_SIGMAS * sigma) return 0;
  const step = stepMetre(sigma, distance);
  const steps = Math.ceil((REACH_SIGMAS * sigma) / step);
  let [sum, weights] = [0, 0];
  for (let i = -steps; i <= steps; i++) {
    for (let j = -steps; j <= steps; j++) {
      const weight = Math.exp((-0.5 * ((i * i + j * j) * step * step)) / sigma ** 2);
      weights += weight;
      sum += weight * densityAt(pose, looks, eastMetre + i * step, northMetre + j * step);
    }
  }
  return sum / weights;
}

/** Fine enough to follow how the bearing changes, which is quick near the tower; never coarser than the error is wide. */
function stepMetre(sigma: number, distance: number): number {
  return Math.min(1.1 * sigma, Math.max(0.5 * sigma, 0.2 * distance));
}

function densityAt(pose: CameraPose, looks: Direction, east: number, north: number): number {
  const { relativeAltitudeMetre } = pose;
  if (relativeAltitudeMetre === null) {
    const distance = Math.max(LEAST_METRE, Math.sqrt(east * east + north * north));
    return (standOffDensity(distance) / (2 * Math.PI * distance)) * directionDensity(looks, east, north, 0);
  }
  let sum = 0;
  for (const height of AIM_HEIGHTS_METRE) {
    const up = height - relativeAltitudeMetre;
    const distance = Math.max(LEAST_METRE, Math.sqrt(east * east + north * north + up * up));
    sum +=
      (standOffDensity(distance) / (4 * Math.PI * distance ** 2)) * directionDensity(looks, east, north, up);
  }
  return sum / AIM_HEIGHTS_METRE.length;
}

/** Of the distance to what is photographed, a metre. */
function standOffDensity(metre: number): number {
  const logarithm = Math.log(metre);
  let density = 0;
  for (const { scale, logMedian, spread } of STAND_OFF_TERMS) {
    const z = (logarithm - logMedian) / spread;
    density += scale * Math.exp(-0.5 * z * z);
  }
  return density / metre;
}

/** Where on its tower a box in a photograph may lie: the line from the camera through the middle of the box. */
import { offsetMetre } from '../domain/geodesy.ts';
import type { CameraPose } from './camera-pose.ts';

/** East, north, up, in metres; from the foot of the tower's axis, heights above the point of take-off. */
export type Vector = readonly [east: number, north: number, up: number];

/** What one photograph says of where a point is: along `across` it lies at `atMetre`, give or take. */
export interface SightBound {
  /** Of length one. */
  readonly across: Vector;
  readonly atMetre: number;
  readonly sigmaMetre: number;
  /** By how much `atMetre` is off for each radian by which the compass was off all flight. */
  readonly turnedMetre: number;
}

/** Each bound narrows the point to a slab; two of them that cross are a line of sight. */
export type SightLine = readonly SightBound[];

/** A receiver's error changes slowly: of its standard deviation so much differs between pictures of one flight. */
const SHARE_WITHIN_FLIGHT = 0.6;
/** So does a compass's. */
export const YAW_SHARE = { ofPicture: 0.5, ofFlight: Math.sqrt(1 - 0.5 ** 2) };
/** By barometer, over the minutes of a flight. */
const ALTITUDE_SIGMA_METRE = 1;
const PITCH_SIGMA_DEG = 1;
/** The middle of a box is not the same point of a defect from all sides. */
const POINT_SIGMA_METRE = 0.3;
/** Where defects are, about half-way up: only to guess how far off the point is. */
const USUAL_HEIGHT_METRE = 24;
const NEAREST_METRE = 3;

/**
 * @param middle of the box: 0 left to 1 right, 0 top to 1 bottom
 * @returns both bounds where the camera says its height and pitch, one where it says its bearing only, else null
 */
export function sightLine(
  pose: CameraPose,
  tower: { readonly latitudeDeg: number; readonly longitudeDeg: number },
  middle: readonly [x: number, y: number],
): SightLine | null {
  const { yawDeg, pitchDeg, relativeAltitudeMetre, view } = pose;
  if (yawDeg === null) return null;
  const { eastMetre, northMetre } = offsetMetre(tower, pose);
  const isLevel = pitchDeg === null || relativeAltitudeMetre === null;
  const camera: Vector = [eastMetre, northMetre, relativeAltitudeMetre ?? USUAL_HEIGHT_METRE];
  const [yaw, pitch] = [radians(yawDeg), radians(pitchDeg ?? 0)];
  const right: Vector = [Math.cos(yaw), -Math.sin(yaw), 0];
  const up: Vector = [-Math.sin(yaw) * Math.sin(pitch), -Math.cos(yaw) * Math.sin(pitch), Math.cos(pitch)];
  const ahead: Vector = [Math.sin(yaw) * Math.cos(pitch), Math.cos(yaw) * Math.cos(pitch), Math.sin(pitch)];
  const [x, y] = [
    (2 * middle[0] - 1) * Math.tan(radians(view.horizontalDeg / 2)),
    (1 - 2 * middle[1]) * Math.tan(radians(view.verticalDeg / 2)),
  ];
  const ray = unit(sum(ahead, scaled(right, x), scaled(up, isLevel ? 0 : y)));
  const sideways = unit(sum(right, scaled(ray, -dot(right, ray))));
  const upwards = cross(sideways, ray);
  const distance = Math.max(NEAREST_METRE, dot(ray, sum([0, 0, USUAL_HEIGHT_METRE], scaled(camera, -1))));
  const aground = distance * Math.hypot(ray[0], ray[1]);
  const onGround = SHARE_WITHIN_FLIGHT * pose.positionSigmaMetre;
  const side: SightBound = {
    across: sideways,
    atMetre: dot(sideways, camera),
    sigmaMetre: Math.hypot(
      YAW_SHARE.ofPicture * radians(pose.yawSigmaDeg) * aground,
      onGround,
      POINT_SIGMA_METRE,
    ),
    turnedMetre: aground,
  };
  if (isLevel) return [side];
  const height: SightBound = {
    across: upwards,
    atMetre: dot(upwards, camera),
    sigmaMetre: Math.hypot(
      radians(PITCH_SIGMA_DEG) * distance,
      ALTITUDE_SIGMA_METRE * upwards[2],
      onGround * Math.hypot(upwards[0], upwards[1]),
      POINT_SIGMA_METRE,
    ),
    turnedMetre: 0,
  };
  return [side, height];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function scaled([east, north, up]: Vector, by: number): Vector {
  return [east * by, north * by, up * by];
}

function sum(...vectors: readonly Vector[]): Vector {
  return vectors.reduce((a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2]], [0, 0, 0]);
}

function unit(vector: Vector): Vector {
  return scaled(vector, 1 / Math.hypot(...vector));
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

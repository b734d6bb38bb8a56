/** How likely a camera that looks in a certain direction aims at a point that lies in another. */
import type { CameraPose } from './camera-pose.ts';

/** What is known of the direction: nothing, the bearing, or the optical axis in space. */
export type Direction =
  | { readonly known: 'nothing'; readonly anywhere: number }
  | {
      readonly known: 'bearing';
      readonly yawRad: number;
      readonly sigmaRad: number;
      readonly anywhere: number;
    }
  | {
      readonly known: 'axis';
      readonly axis: Vector;
      readonly right: Vector;
      readonly up: Vector;
      readonly sideSigmaRad: number;
      readonly heightSigmaRad: number;
      readonly anywhere: number;
    };

/** East, north, up. */
type Vector = readonly [number, number, number];

/** What a picture is of lies within its middle: the frame is this many standard deviations wide. */
const FRAME_SIGMAS = 7;
/** Beyond this the bearing of a camera that looks down says little. */
const STEEP_DEG = 60;

export function direction(pose: CameraPose): Direction {
  const { yawDeg, pitchDeg, relativeAltitudeMetre, yawSigmaDeg, view } = pose;
  const yawSigma = radians(yawSigmaDeg);
  const sideSigma = radians(view.horizontalDeg) / FRAME_SIGMAS;
  if (yawDeg === null || (relativeAltitudeMetre === null && Math.abs(pitchDeg ?? 0) > STEEP_DEG)) {
    return { known: 'nothing', anywhere: 1 };
  }
  if (pitchDeg === null || relativeAltitudeMetre === null) {
    return {
      known: 'bearing',
      yawRad: radians(yawDeg),
      sigmaRad: Math.hypot(sideSigma, yawSigma),
      anywhere: 1 / (2 * Math.PI),
    };
  }
  const [sinYaw, cosYaw] = [Math.sin(radians(yawDeg)), Math.cos(radians(yawDeg))];
  const [sinPitch, cosPitch] = [Math.sin(radians(pitchDeg)), Math.cos(radians(pitchDeg))];
  return {
    known: 'axis',
    axis: [sinYaw * cosPitch, cosYaw * cosPitch, sinPitch],
    right: [cosYaw, -sinYaw, 0],
    up: [-sinYaw * sinPitch, -cosYaw * sinPitch, cosPitch],
    // A wrong yaw turns a camera that looks down about its own axis.
    sideSigmaRad: Math.hypot(sideSigma, yawSigma * cosPitch),
    heightSigmaRad: radians(view.verticalDeg) / FRAME_SIGMAS,
    // Drones look down or level, hardly up: half of all directions.
    anywhere: 1 / (2 * Math.PI),
  };
}

/** A radian where the bearing is known, a steradian where the axis is. The vector leads from the camera to the point, in metres. */
export function directionDensity(looks: Direction, east: number, north: number, up: number): number {
  switch (looks.known) {
    case 'nothing':
      return 1;
    case 'bearing':
      return normalDensity(wrapped(Math.atan2(east, north) - looks.yawRad), looks.sigmaRad);
    case 'axis': {
      const ahead = dot(looks.axis, east, north, up);
      const side = Math.atan2(dot(looks.right, east, north, up), ahead);
      const height = Math.atan2(dot(looks.up, east, north, up), Math.abs(ahead));
      const [sideZ, heightZ] = [side / looks.sideSigmaRad, height / looks.heightSigmaRad];
      const peak = 1 / (2 * Math.PI * looks.sideSigmaRad * looks.heightSigmaRad);
      return peak * Math.exp(-0.5 * (sideZ * sideZ + heightZ * heightZ));
    }
  }
}

function dot([e, n, u]: Vector, east: number, north: number, up: number): number {
  return e * east + n * north + u * up;
}

function normalDensity(value: number, sigma: number): number {
  return Math.exp(-0.5 * (value / sigma) ** 2) / (sigma * Math.sqrt(2 * Math.PI));
}

function wrapped(radian: number): number {
  return radian - 2 * Math.PI * Math.round(radian / (2 * Math.PI));
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

/** What of a tower is in the frame of a photograph, and how large. */
import { offsetMetre } from '../domain/geodesy.ts';
import type { CameraPose } from './camera-pose.ts';

export interface TowerView {
  /** Heights above the point of take-off between which the tower is in the frame. */
  readonly lowestMetre: number;
  readonly highestMetre: number;
  /** On the tower, at the height that the optical axis meets. */
  readonly millimetrePerPixel: number;
}

/** Nearer than this a tower fills the frame, and its height in it depends on centimetres. */
const NEAREST_METRE = 1;
/** Steeper than this an angle has no height on a tower that stands beside. */
const STEEPEST_DEG = 85;
/** No tower of a line is higher, above whatever ground the drone took off from. */
const HIGHEST_METRE = 400;

/** @returns null where the camera does not say how high it was and where it looked */
export function viewOfTower(
  pose: CameraPose,
  tower: { readonly latitudeDeg: number; readonly longitudeDeg: number },
  widthPx: number,
): TowerView | null {
  const { relativeAltitudeMetre, pitchDeg, view } = pose;
  if (relativeAltitudeMetre === null || pitchDeg === null) return null;
  const { eastMetre, northMetre } = offsetMetre(pose, tower);
  const distance = Math.max(NEAREST_METRE, Math.hypot(eastMetre, northMetre));
  const heightAt = (slopeDeg: number) => {
    const slope = Math.max(-STEEPEST_DEG, Math.min(STEEPEST_DEG, slopeDeg));
    const height = relativeAltitudeMetre + distance * Math.tan(radians(slope));
    return Math.max(-HIGHEST_METRE, Math.min(HIGHEST_METRE, height));
  };
  const up = heightAt(pitchDeg) - relativeAltitudeMetre;
  const frameMetre = 2 * Math.hypot(distance, up) * Math.tan(radians(view.horizontalDeg / 2));
  return {
    lowestMetre: heightAt(pitchDeg - view.verticalDeg / 2),
    highestMetre: heightAt(pitchDeg + view.verticalDeg / 2),
    millimetrePerPixel: (1000 * frameMetre) / widthPx,
  };
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

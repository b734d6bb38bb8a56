/** Positive-sequence series reactance of a transposed line: omega·mu0/(2·pi)·ln(GMD/GMR). */
import type { Conductor } from './conductor.ts';

/** mu0 / (2·pi), in henry per metre. */
const INDUCTANCE_HENRY_PER_METRE = 2e-7;

/**
 * @param phaseDistanceMetre geometric mean distance of the three phases
 * @example lineReactanceOhmPerMetre(drake, 7, 60) // 4.84e-4
 */
export function lineReactanceOhmPerMetre(
  conductor: Conductor,
  phaseDistanceMetre: number,
  frequencyHertz: number,
): number {
  const radianPerSecond = 2 * Math.PI * frequencyHertz;
  return (
    radianPerSecond *
    INDUCTANCE_HENRY_PER_METRE *
    Math.log(phaseDistanceMetre / conductor.geometricMeanRadiusMetre)
  );
}

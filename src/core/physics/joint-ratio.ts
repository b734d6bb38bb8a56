/**
 * Severity of a joint as line crews measure it: its resistance over that of as long a piece of sound conductor. Up to 1
 * it is sound, above 1.5 it is to be replaced within months, above 2 soon, above 3 it is failing (SensorLink's scale).
 */
import type { Conductor } from './conductor.ts';
import { conductorResistanceOhmPerMetre } from './conductor-resistance.ts';

const JOINT_METRE = 0.8;
/** Of a sound joint: new ones lie between 0.3 and 0.8. */
export const SOUND_JOINT_RATIO = 0.6;
const REFERENCE_CELSIUS = 20;

function pieceOhm(conductor: Conductor): number {
  return JOINT_METRE * conductorResistanceOhmPerMetre(conductor, REFERENCE_CELSIUS);
}

/** @param contactOhm resistance above that of a sound joint, at 20 °C */
export function jointRatio(conductor: Conductor, contactOhm: number): number {
  return SOUND_JOINT_RATIO + contactOhm / pieceOhm(conductor);
}

/** Resistance above that of a sound joint, at 20 °C. @example jointContactOhm(drake, 2) // 80e-6 */
export function jointContactOhm(conductor: Conductor, ratio: number): number {
  return (ratio - SOUND_JOINT_RATIO) * pieceOhm(conductor);
}

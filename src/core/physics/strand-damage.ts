/** Broken outer strands: over a couple of lay lengths the rest carries the current, then the strands share it again. */
import type { Conductor } from './conductor.ts';
import { conductorResistanceOhmPerMetre } from './conductor-resistance.ts';

export interface StrandDamage {
  readonly brokenStrands: number;
}

/** Aluminium strands of ACSR 26/7; the steel carries next to nothing. */
const STRANDS = 26;
/** After which the current has spread over all strands again. */
const TRANSFER_METRE = 2;

/** Length of sound conductor that has the resistance that the damage adds: 0.26 m for 3 strands, 1.25 m for 10. */
export function strandDamageMetre({ brokenStrands }: StrandDamage): number {
  return (TRANSFER_METRE * brokenStrands) / (STRANDS - brokenStrands);
}

/** @example strandDamageOhm(drake, { brokenStrands: 3 }, 25) / (300 * 7.283e-5) // 0.00087 */
export function strandDamageOhm(
  conductor: Conductor,
  damage: StrandDamage,
  conductorCelsius: number,
): number {
  return strandDamageMetre(damage) * conductorResistanceOhmPerMetre(conductor, conductorCelsius);
}

/** AC resistance of a conductor, linear between its two tabulated temperatures (IEEE 738, 4.4.1). */
import type { Conductor } from './conductor.ts';

/** @example conductorResistanceOhmPerMetre(drake, 100) // 9.390e-5 */
export function conductorResistanceOhmPerMetre(conductor: Conductor, conductorCelsius: number): number {
  const perKelvin = (conductor.resistanceAt75OhmPerMetre - conductor.resistanceAt25OhmPerMetre) / 50;
  return conductor.resistanceAt25OhmPerMetre + perKelvin * (conductorCelsius - 25);
}

/**
 * Earth as the way back of what three phases do not sum to: series impedance that a residual current meets
 * (Carson, 1926), by the first terms of his series, which hold where the depth of return is far above the
 * height of the line.
 */

/** mu0 / (2·pi), in henry per metre. */
const INDUCTANCE_HENRY_PER_METRE = 2e-7;
/** Depth of the equivalent return for 1 ohm metre at 1 Hz, in metre; to be had from Carson's series. */
const DEPTH_METRE = 658.5;

/** Resistance of the earth, whatever it is made of: pi²·f·1e-7. @example at 60 Hz 5.92e-5 */
export function earthResistanceOhmPerMetre(frequencyHertz: number): number {
  return Math.PI ** 2 * frequencyHertz * 1e-7;
}

/** @example earthReturnDepthMetre(100, 60) // 850 */
export function earthReturnDepthMetre(soilOhmMetre: number, frequencyHertz: number): number {
  return DEPTH_METRE * Math.sqrt(soilOhmMetre / frequencyHertz);
}

/**
 * @param distanceMetre geometric mean radius for a conductor's own reactance, distance for that between two
 * @example earthReactanceOhmPerMetre(7, 100, 60) // 3.62e-4 between two phases
 */
export function earthReactanceOhmPerMetre(
  distanceMetre: number,
  soilOhmMetre: number,
  frequencyHertz: number,
): number {
  const radianPerSecond = 2 * Math.PI * frequencyHertz;
  const depthMetre = earthReturnDepthMetre(soilOhmMetre, frequencyHertz);
  return radianPerSecond * INDUCTANCE_HENRY_PER_METRE * Math.log(depthMetre / distanceMetre);
}

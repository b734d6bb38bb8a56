/** Sag of a span between towers of equal height, by the parabola that its conductor hangs in. */

/** Of ACSR as a whole, per kelvin: between aluminium (2.3e-5) and steel (1.15e-5). */
const EXPANSION_PER_KELVIN = 1.9e-5;

/** Length of the hanging conductor: S + 8·D²/(3·S). */
export function conductorLengthMetre(spanMetre: number, sagMetre: number): number {
  return spanMetre + (8 * sagMetre ** 2) / (3 * spanMetre);
}

/**
 * Sag after the conductor has warmed. Its elastic relief is left out: as it sags it pulls less and shortens, so a real
 * span sags a little less.
 *
 * @param stringing sag and temperature at which the span was strung
 * @example sagMetre(300, { sagMetre: 6, celsius: 15 }, 50) // 7.6
 */
export function sagMetre(
  spanMetre: number,
  stringing: { readonly sagMetre: number; readonly celsius: number },
  conductorCelsius: number,
): number {
  const strungMetre = conductorLengthMetre(spanMetre, stringing.sagMetre);
  const lengthMetre = strungMetre * (1 + EXPANSION_PER_KELVIN * (conductorCelsius - stringing.celsius));
  // In deep frost a short slack is used up; what is left then is tension, not sag.
  return Math.sqrt((3 * spanMetre * Math.max(0, lengthMetre - spanMetre)) / 8);
}

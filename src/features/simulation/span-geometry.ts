/** What all spans of a simulated grid have in common. */
export const PHASE_DISTANCE_METRE = 7;
export const FREQUENCY_HERTZ = 60;
export const ELEVATION_METRE = 550;
/** A span of 300 m; others sag by the square of their length, as all are strung with one pull. */
const STRINGING = { spanMetre: 300, sagMetre: 6, celsius: 15 };

/** Sag and temperature at which a span of this length was strung. */
export function stringingOf(spanMetre: number): { sagMetre: number; celsius: number } {
  const { spanMetre: usualMetre, sagMetre, celsius } = STRINGING;
  return { sagMetre: sagMetre * (spanMetre / usualMetre) ** 2, celsius };
}

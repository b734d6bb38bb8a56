/** Names the space in which values at a tap are comparable: equal names, equal meaning. */
import type { NamedWeights } from './model-weights.ts';
import { packWeights } from './model-weights.ts';

export interface TapDescription {
  /** Which tap: `defect-detector/stem.featureMaps`. */
  readonly tap: string;
  /** All weights between the input and the tap, and no others. */
  readonly weights: NamedWeights;
  /** What is done to the input before the first weight. */
  readonly preprocessing: Readonly<Record<string, unknown>>;
}

/**
 * @param hash of bytes, hex: SHA-256 in practice; passed in because this band knows no drivers
 * @returns changes when a weight up to the tap, the preprocessing or the tap does, and with nothing else
 */
export function embeddingSpaceOf(
  { tap, weights, preprocessing }: TapDescription,
  hash: (bytes: Uint8Array) => string,
): string {
  const { entries, bytes } = packWeights(weights);
  const sorted = Object.entries(preprocessing).sort(([a], [b]) => (a < b ? -1 : 1));
  const description = JSON.stringify({ tap, preprocessing: sorted, entries, weights: hash(bytes) });
  return hash(new TextEncoder().encode(description));
}

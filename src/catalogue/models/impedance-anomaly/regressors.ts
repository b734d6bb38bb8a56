/** What a sensor's own regression sees of a reading: the context, its recent past, what the shared network makes of it. */

/** Of the moving means of the context, the one that a sensor may answer to in a way of its own. */
const OWN_LAG = 2;

/** 1, each context column, its mean over one horizon, what the network makes of all for each channel. */
export function regressorCount(channels: number, contextColumns: number): number {
  return contextColumns === 0 ? 1 : 1 + 2 * contextColumns + channels;
}

/**
 * @param inputs of the network; @param outputs of the network, its means first
 * @param out [regressorCount]
 */
export function writeRegressors(
  inputs: ArrayLike<number>,
  outputs: ArrayLike<number>,
  contextColumns: number,
  out: Float64Array,
): void {
  out[0] = 1;
  for (let i = 0; i < contextColumns; i++) {
    out[1 + i] = inputs[i]!;
    out[1 + contextColumns + i] = inputs[(1 + OWN_LAG) * contextColumns + i]!;
  }
  const means = 1 + 2 * contextColumns;
  for (let at = means; at < out.length; at++) out[at] = outputs[at - means]!;
}

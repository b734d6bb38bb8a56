/** When a defect began between two looks, if telemetry shows it at all, given what the model thinks of each time. */

/**
 * Interval-censored likelihood, its E-step. The hypotheses: telemetry does not show this defect, and all
 * samples look healthy; or it began before one of the samples (each equally likely), which looks defective
 * from there on. Returns, for each sample, the probability that the telemetry shows the defect by then.
 *
 * @param logits of the samples, in time order
 * @param temper share of each sample's evidence that is its own: neighbours repeat each other
 * @param hidden prior probability that telemetry does not show the defect
 * @param onsets how many of the first samples the defect may have begun before; 1: it was there from the start
 */
export function onsetPosterior(
  logits: ArrayLike<number>,
  temper: number,
  hidden: number,
  onsets: number = logits.length,
): Float64Array {
  const count = logits.length;
  const begun = new Float64Array(count);
  // Log of P(samples | onset at k) / P(samples | hidden) is the sum of the log odds from k on.
  const evidence = new Float64Array(count);
  let sum = 0;
  let largest = 0;
  for (let k = count - 1; k >= 0; k--) {
    sum += temper * logits[k]!;
    evidence[k] = sum;
    if (k < onsets) largest = Math.max(largest, sum);
  }
  let total = 0;
  for (let k = 0; k < count; k++) {
    if (k < onsets) total += ((1 - hidden) / onsets) * Math.exp(evidence[k]! - largest);
    begun[k] = total;
  }
  const all = total + hidden * Math.exp(-largest);
  for (let k = 0; k < count; k++) begun[k] = begun[k]! / all;
  return begun;
}

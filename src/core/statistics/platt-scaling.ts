/**
 * Platt's calibration: probability = sigmoid(slope * logit + intercept), fitted on cases that the model has
 * not learned from. J. Platt, "Probabilistic outputs for support vector machines", 1999; targets may be soft.
 */
export interface PlattScaling {
  readonly slope: number;
  readonly intercept: number;
}

export function sigmoid(value: number): number {
  return value >= 0 ? 1 / (1 + Math.exp(-value)) : Math.exp(value) / (1 + Math.exp(value));
}

export function applyPlatt(scaling: PlattScaling, logit: number): number {
  return sigmoid(scaling.slope * logit + scaling.intercept);
}

/** A normal prior on the logarithm of the slope, so that few cases neither invert nor overstate the logits. */
const SLOPE_PRIOR_DEVIATION = 1;
const ITERATIONS = 50;

/**
 * Newton's method on log-slope and intercept, targets shrunk to (n+ + 1) / (n+ + 2) and 1 / (n- + 2) as Platt's.
 *
 * @param cases how many cases each one counts for; one each, where nothing is said
 */
export function fitPlatt(
  logits: ArrayLike<number>,
  targets: ArrayLike<number>,
  cases: ArrayLike<number> = new Float64Array(targets.length).fill(1),
): PlattScaling {
  let [positives, negatives] = [0, 0];
  for (let i = 0; i < targets.length; i++) {
    positives += cases[i]! * targets[i]!;
    negatives += cases[i]! * (1 - targets[i]!);
  }
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (negatives + 2);
  let logSlope = 0;
  let intercept = 0;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const slope = Math.exp(logSlope);
    let [gradientSlope, gradientIntercept] = [logSlope / SLOPE_PRIOR_DEVIATION ** 2, 0];
    let [curveSlope, curveBoth, curveIntercept] = [1 / SLOPE_PRIOR_DEVIATION ** 2, 0, 1e-6];
    for (let i = 0; i < logits.length; i++) {
      const probability = sigmoid(slope * logits[i]! + intercept);
      const error = cases[i]! * (probability - (low + (high - low) * targets[i]!));
      const weight = cases[i]! * Math.max(probability * (1 - probability), 1e-9);
      const move = slope * logits[i]!;
      gradientSlope += error * move;
      gradientIntercept += error;
      curveSlope += weight * move * move;
      curveBoth += weight * move;
      curveIntercept += weight;
    }
    const determinant = curveSlope * curveIntercept - curveBoth ** 2;
    const stepSlope = (curveIntercept * gradientSlope - curveBoth * gradientIntercept) / determinant;
    const stepIntercept = (curveSlope * gradientIntercept - curveBoth * gradientSlope) / determinant;
    // A bounded step keeps Newton's method from leaping where the curve is flat.
    logSlope -= Math.max(-0.5, Math.min(0.5, stepSlope));
    intercept -= Math.max(-2, Math.min(2, stepIntercept));
  }
  return { slope: Math.exp(logSlope), intercept };
}

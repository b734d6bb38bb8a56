/**
 * Bounds on a share that was counted. E. B. Wilson, "Probable inference", 1927: keeps its coverage for small
 * counts and shares near 0 or 1, where the normal interval fails.
 */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/** Two-sided 95 %. */
const Z = 1.959963984540054;

/** @example wilsonInterval(45, 50) // 0.786 to 0.957 */
export function wilsonInterval(count: number, trials: number): Interval {
  if (trials === 0) return { lower: 0, upper: 1 };
  const share = count / trials;
  const centre = share + Z ** 2 / (2 * trials);
  const half = Z * Math.sqrt((share * (1 - share)) / trials + Z ** 2 / (4 * trials ** 2));
  const scale = 1 + Z ** 2 / trials;
  return {
    lower: Math.max(0, (centre - half) / scale),
    upper: Math.min(1, (centre + half) / scale),
  };
}

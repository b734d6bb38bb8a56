/** A figure with how far it could lie off, by a bootstrap over sites. */
import { clusterBootstrap } from '../../../core/statistics/cluster-bootstrap.ts';
import type { Random } from '../../../core/statistics/random.ts';

/** NaN, printed as null, where the figure cannot be told. */
export interface Estimate {
  readonly value: number;
  /** 95 %, two-sided. */
  readonly lower: number;
  readonly upper: number;
}

/** How often each sensor was drawn, by its index. */
export type Weights = Uint16Array;

export interface Sites {
  /** Number of the site of each sensor: sensors of one tower are drawn together. */
  readonly siteOfSensor: readonly number[];
  readonly random: Random;
  readonly draws: number;
}

export function estimate(
  { siteOfSensor, random, draws }: Sites,
  figure: (weights: Weights) => number,
): Estimate {
  const weights = new Uint16Array(siteOfSensor.length);
  const value = figure(weights.fill(1));
  if (siteOfSensor.length === 0 || Number.isNaN(value)) return { value, lower: NaN, upper: NaN };
  const interval = clusterBootstrap(
    random,
    siteOfSensor,
    (members) => {
      weights.fill(0);
      for (const sensor of members) weights[sensor]!++;
      return figure(weights);
    },
    draws,
  );
  return { value, ...interval };
}

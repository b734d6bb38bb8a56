/** All methods that the benchmark compares, in the order of its table. */
import type { FusionMethod } from './method.ts';
import { supervisedBoosting } from './methods/boosting-method.ts';
import { isolationForest } from './methods/isolation-forest-method.ts';
import { ours, oursInPart } from './methods/ours.ts';
import { rawThreshold } from './methods/raw-threshold.ts';
import { regressionZScore } from './methods/regression-z-score.ts';
import { seasonalZScore } from './methods/seasonal-z-score.ts';

export const BASELINES: readonly FusionMethod[] = [
  rawThreshold,
  seasonalZScore,
  regressionZScore,
  isolationForest,
  supervisedBoosting,
];

export const METHODS: readonly FusionMethod[] = [...BASELINES, ...oursInPart, ours];

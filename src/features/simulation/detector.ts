/**
 * A detector of stated quality, which looks for each kind of defect by itself. Its score is logistic, centred on 0 where
 * nothing of the kind can be seen and further up where something can, by as much as recall and false-positive
 * rate together ask for; it reports what lies above one threshold.
 */
import type { Random } from '../../core/statistics/random.ts';
import type { SimulatedLook } from './flights.ts';
import { DEFECT_KINDS } from './profile.ts';
import type { DefectKind, DetectorQuality, PerKind } from './profile.ts';

export interface Sight {
  /** What it reports; null where it finds the tower clean. */
  readonly reported: DefectKind | null;
  /** How much likelier its score for the kind is where one can be seen than where none can. */
  readonly likelihoodRatios: PerKind;
}

/** Rates of exactly 0 and 1 would need a score without bounds. */
const RATE_BOUNDS = { lowest: 1e-9, highest: 1 - 1e-9 };

export function visibleKind(look: SimulatedLook): DefectKind | null {
  if (look.insulatorDefect) return 'broken_insulator';
  if (look.jointDefect) return 'failing_joint';
  return look.strandDefect ? 'broken_strand' : null;
}

/** @param random of this look alone */
export function inspectLook(look: SimulatedLook, quality: DetectorQuality, random: Random): Sight {
  const there = visibleKind(look);
  const likelihoodRatios: Record<DefectKind, number> = {
    failing_joint: 1,
    broken_insulator: 1,
    broken_strand: 1,
  };
  let reported: DefectKind | null = null;
  for (const kind of DEFECT_KINDS) {
    const threshold = logit(1 - quality.falsePositiveRate[kind]);
    const centre = threshold + logit(quality.recall[kind]);
    const score = logit(random.uniform()) + (kind === there ? centre : 0);
    likelihoodRatios[kind] = density(score - centre) / density(score);
    const isSurer = reported === null || likelihoodRatios[kind] > likelihoodRatios[reported];
    if (score > threshold && isSurer) reported = kind;
  }
  return { reported, likelihoodRatios };
}

function logit(share: number): number {
  const bounded = Math.min(RATE_BOUNDS.highest, Math.max(RATE_BOUNDS.lowest, share));
  return Math.log(bounded / (1 - bounded));
}

/** Of the logistic distribution. */
function density(score: number): number {
  // Even, and written so that neither side overflows.
  const falling = Math.exp(-Math.abs(score));
  return falling / (1 + falling) ** 2;
}

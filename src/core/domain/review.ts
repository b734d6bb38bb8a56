/** What people decide of findings, and what holds when several did. */
import type { FindingOutcome, ReviewState } from './finding.ts';

export const DECISIONS = ['confirmed', 'rejected', 'reclassed', 'corrected-box'] as const;

/** `added`: a person found what the detector missed. */
export type Decision = (typeof DECISIONS)[number] | 'added';

export interface Opinion {
  readonly reviewer: string;
  readonly verdict: Verdict;
}

/** What there is: a kind of defect, or none. */
export type Verdict = string;
export const NO_DEFECT: Verdict = 'no defect';

export interface Standing extends Opinion {
  /** People who said something. */
  readonly opinionCount: number;
  /** The first two disagree, and no third has said anything yet. */
  readonly isDisputed: boolean;
}

/** One in ten is looked at by a second person, unasked. */
const SECOND_LOOK_SHARE = 0.1;

/** @param kind that the decision leaves the finding with */
export function verdictOf(decision: Decision, outcome: FindingOutcome, kind: string): Verdict {
  return (decision === 'rejected') === (outcome === 'defect') ? NO_DEFECT : kind;
}

/**
 * What holds: the word of the first, until a second one agrees or a third one decides between two; of more, that of most.
 * Who says something again replaces what they said before.
 *
 * @param opinions oldest first, at least one
 */
export function standingOf(opinions: readonly Opinion[]): Standing {
  const latest = new Map<string, Opinion>();
  for (const opinion of opinions) latest.set(personOf(opinion.reviewer), opinion);
  const held = [...latest.values()];
  const first = held[0]!;
  const count = held.length;
  if (count < 3) {
    const isDisputed = held.some(({ verdict }) => verdict !== first.verdict);
    return { ...first, opinionCount: count, isDisputed };
  }
  const support = (verdict: Verdict) => held.filter((opinion) => opinion.verdict === verdict).length;
  // Of equal ones the latest: it was asked to decide.
  const decisive = held.reduce((best, opinion) =>
    support(opinion.verdict) >= support(best.verdict) ? opinion : best,
  );
  return { ...decisive, opinionCount: count, isDisputed: false };
}

/** @param kind that the finding had before anybody decided */
export function stateOf(
  verdict: Verdict,
  outcome: FindingOutcome,
  kind: string,
): { readonly reviewState: Exclude<ReviewState, 'unreviewed'>; readonly kind: string } {
  const isSame = (verdict === NO_DEFECT) === (outcome === 'clean');
  if (!isSame) return { reviewState: 'rejected', kind };
  return verdict === NO_DEFECT || verdict === kind
    ? { reviewState: 'confirmed', kind }
    : { reviewState: 'reclassed', kind: verdict };
}

/** Names differ in how they are typed. */
export function personOf(reviewer: string): string {
  return reviewer.trim().toLowerCase();
}

/** Drawn by the finding's id, which is random: nobody chooses which. */
export function isDrawnForSecondLook(findingId: string): boolean {
  return parseInt(findingId.slice(0, 8), 16) / 2 ** 32 < SECOND_LOOK_SHARE;
}

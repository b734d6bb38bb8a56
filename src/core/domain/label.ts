/** What training may believe about a sensor over a span of time, derived from looks by the rules in this file. */

/** One look at a tower, as far as one kind of defect is concerned. */
export interface Look {
  readonly findingId: string;
  readonly inspectedAt: Date;
  readonly outcome: 'clean' | 'defect';
  readonly probability: number;
  readonly reviewState: 'unreviewed' | 'confirmed' | 'rejected' | 'reclassed';
}

export type LabelState = 'clean' | 'defect' | 'unknown';

export interface Label {
  readonly state: LabelState;
  readonly fromAt: Date;
  readonly toAt: Date;
  /** Probability that the defect was there at `toAt`. */
  readonly probability: number;
  readonly findingIds: readonly string[];
}

/**
 * Labels of one sensor and kind of defect.
 *
 * - Clean at two looks running: clean in between, since defects do not heal by themselves.
 * - Defect at two looks running: defect in between.
 * - Clean, then defect: unknown in between; the onset lies somewhere there. Likewise defect, then clean (repaired).
 * - A person's word replaces the detector's: confirmed is certain, rejected turns the outcome round.
 */
export function labelsOf(looks: readonly Look[]): Label[] {
  const ordered = looks.map(reviewed).sort((a, b) => a.inspectedAt.getTime() - b.inspectedAt.getTime());
  return ordered.flatMap((look, index): Label[] => {
    const before = ordered[index - 1];
    const here = { state: look.outcome, toAt: look.inspectedAt, probability: look.probability };
    if (!before) return [{ ...here, fromAt: look.inspectedAt, findingIds: [look.findingId] }];
    const findingIds = [before.findingId, look.findingId];
    if (before.outcome === look.outcome) return [{ ...here, fromAt: before.inspectedAt, findingIds }];
    const between = { fromAt: before.inspectedAt, toAt: look.inspectedAt, probability: look.probability };
    return [
      { ...between, state: 'unknown', findingIds },
      { ...here, fromAt: look.inspectedAt, findingIds: [look.findingId] },
    ];
  });
}

function reviewed(look: Look): Look {
  if (look.reviewState === 'unreviewed') return look;
  const defect = (look.outcome === 'defect') === (look.reviewState !== 'rejected');
  return { ...look, outcome: defect ? 'defect' : 'clean', probability: defect ? 1 : 0 };
}

/** What training may believe about a sensor over a span of time, derived from looks by the rules in this file. */
import { showsDefect, type FindingOutcome, type ReviewState } from './finding.ts';

/** One finding of a tower, of the kind of defect that labels are derived for. */
export interface FindingOfKind {
  readonly findingId: string;
  readonly flightId: string;
  /** Of the flight: the same in all of its findings. */
  readonly inspectedAt: Date;
  readonly outcome: FindingOutcome;
  readonly probability: number;
  readonly reviewState: ReviewState;
  /** Null while nobody has. */
  readonly reviewedBy: string | null;
}

export type LabelState = 'clean' | 'defect' | 'unknown';

export interface Label {
  readonly state: LabelState;
  readonly fromAt: Date;
  readonly toAt: Date;
  /** Probability that the defect was there at `toAt`. */
  readonly probability: number;
  readonly findingIds: readonly string[];
  /** The person on whose word it rests; null where it is the detector's. */
  readonly author: string | null;
}

/** What one flight says of a tower and one kind of defect. */
interface Look {
  readonly inspectedAt: Date;
  readonly outcome: FindingOutcome;
  readonly probability: number;
  readonly findingIds: readonly string[];
  readonly author: string | null;
}

/**
 * Labels of one sensor and kind of defect.
 *
 * - Clean at two looks running: clean in between, since defects do not heal by themselves.
 * - Defect at two looks running: defect in between.
 * - Clean, then defect: unknown in between; the onset lies somewhere there. Likewise defect, then clean (repaired).
 * - One look has as many findings as it found defects: one that stands makes it a defect, as sure as the surest of them,
 *   since what misleads a detector misleads it all flight.
 * - A person's word replaces the detector's: confirmed is certain, rejected turns the outcome round.
 */
export function labelsOf(findings: readonly FindingOfKind[]): Label[] {
  const flights = new Map<string, FindingOfKind[]>();
  for (const finding of findings) {
    flights.set(finding.flightId, [...(flights.get(finding.flightId) ?? []), finding]);
  }
  const ordered = [...flights.values()]
    .map(toLook)
    .sort((a, b) => a.inspectedAt.getTime() - b.inspectedAt.getTime());
  return ordered.flatMap((look, index): Label[] => {
    const before = ordered[index - 1];
    const { inspectedAt, outcome: state, probability, findingIds, author } = look;
    const here = { state, toAt: inspectedAt, probability, author };
    if (!before) return [{ ...here, fromAt: inspectedAt, findingIds }];
    const ofBoth = [...before.findingIds, ...findingIds];
    if (before.outcome === state) return [{ ...here, fromAt: before.inspectedAt, findingIds: ofBoth }];
    return [
      { ...here, state: 'unknown', fromAt: before.inspectedAt, findingIds: ofBoth, author: null },
      { ...here, fromAt: inspectedAt, findingIds },
    ];
  });
}

function toLook(findings: readonly FindingOfKind[]): Look {
  const defects = findings.filter(showsDefect);
  const outcome = defects.length > 0 ? 'defect' : 'clean';
  const decisive = defects.length > 0 ? defects : findings;
  const byPerson = decisive.find(({ reviewState }) => reviewState !== 'unreviewed');
  const said = outcome === 'defect' ? 1 : 0;
  return {
    inspectedAt: findings[0]!.inspectedAt,
    outcome,
    probability: byPerson ? said : Math.max(...decisive.map(({ probability }) => probability)),
    findingIds: decisive.map(({ findingId }) => findingId),
    author: byPerson ? (byPerson.reviewedBy ?? 'a person') : null,
  };
}

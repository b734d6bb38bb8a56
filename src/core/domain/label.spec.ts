import { describe, expect, it } from 'vitest';
import { labelsOf, type FindingOfKind } from './label.ts';

const day = (n: number) => new Date(Date.UTC(2026, 0, n));
const finding = (
  n: number,
  outcome: 'clean' | 'defect',
  changes: Partial<FindingOfKind> = {},
): FindingOfKind => ({
  findingId: `finding-${n}`,
  flightId: `flight-${n}`,
  inspectedAt: day(n),
  outcome,
  probability: outcome === 'defect' ? 0.9 : 0.02,
  reviewState: 'unreviewed',
  reviewedBy: null,
  ...changes,
});
const spans = (findings: FindingOfKind[]) =>
  labelsOf(findings).map((label) => [label.state, label.fromAt.getUTCDate(), label.toAt.getUTCDate()]);

describe('labels', () => {
  it('are clean between two clean looks', () => {
    expect(spans([finding(1, 'clean'), finding(9, 'clean')])).toEqual([
      ['clean', 1, 1],
      ['clean', 1, 9],
    ]);
  });

  it('leave the time between the last clean look and the first defect look unknown', () => {
    expect(spans([finding(1, 'clean'), finding(9, 'defect'), finding(12, 'defect')])).toEqual([
      ['clean', 1, 1],
      ['unknown', 1, 9],
      ['defect', 9, 9],
      ['defect', 9, 12],
    ]);
  });

  it('do not depend on the order in which flights arrive', () => {
    expect(spans([finding(9, 'defect'), finding(1, 'clean')])).toEqual(
      spans([finding(1, 'clean'), finding(9, 'defect')]),
    );
  });

  it('take a person at their word, and say whose it is', () => {
    const rejected = finding(3, 'defect', { reviewState: 'rejected', reviewedBy: 'anna' });
    expect(labelsOf([rejected])).toMatchObject([{ state: 'clean', probability: 0, author: 'anna' }]);
    const confirmed = finding(3, 'defect', { reviewState: 'confirmed', reviewedBy: 'anna' });
    expect(labelsOf([confirmed])).toMatchObject([{ state: 'defect', probability: 1, author: 'anna' }]);
    expect(labelsOf([finding(3, 'defect')])).toMatchObject([{ author: null }]);
  });

  it('make one look of all defects that one flight found, as sure as the surest that stands', () => {
    const two = [
      finding(3, 'defect', { findingId: 'a', probability: 0.8 }),
      finding(3, 'defect', { findingId: 'b', probability: 0.95 }),
    ];
    expect(labelsOf(two)).toMatchObject([
      { state: 'defect', probability: 0.95, findingIds: ['a', 'b'], author: null },
    ]);
    const refused = { ...two[1]!, reviewState: 'rejected', reviewedBy: 'anna' } as const;
    expect(labelsOf([two[0]!, refused])).toMatchObject([
      { state: 'defect', probability: 0.8, findingIds: ['a'], author: null },
    ]);
    const allRefused = two.map((each) => ({ ...each, reviewState: 'rejected', reviewedBy: 'anna' }) as const);
    expect(labelsOf(allRefused)).toMatchObject([{ state: 'clean', probability: 0, author: 'anna' }]);
  });
});

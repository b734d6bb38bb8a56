import { describe, expect, it } from 'vitest';
import { labelsOf, type Look } from './label.ts';

const day = (n: number) => new Date(Date.UTC(2026, 0, n));
const look = (
  n: number,
  outcome: 'clean' | 'defect',
  reviewState: Look['reviewState'] = 'unreviewed',
): Look => ({
  findingId: `look-${n}`,
  inspectedAt: day(n),
  outcome,
  probability: outcome === 'defect' ? 0.9 : 0.02,
  reviewState,
});
const spans = (looks: Look[]) =>
  labelsOf(looks).map((label) => [label.state, label.fromAt.getUTCDate(), label.toAt.getUTCDate()]);

describe('labels', () => {
  it('are clean between two clean looks', () => {
    expect(spans([look(1, 'clean'), look(9, 'clean')])).toEqual([
      ['clean', 1, 1],
      ['clean', 1, 9],
    ]);
  });

  it('leave the time between the last clean look and the first defect look unknown', () => {
    expect(spans([look(1, 'clean'), look(9, 'defect'), look(12, 'defect')])).toEqual([
      ['clean', 1, 1],
      ['unknown', 1, 9],
      ['defect', 9, 9],
      ['defect', 9, 12],
    ]);
  });

  it('do not depend on the order in which flights arrive', () => {
    expect(spans([look(9, 'defect'), look(1, 'clean')])).toEqual(
      spans([look(1, 'clean'), look(9, 'defect')]),
    );
  });

  it('take a person at their word', () => {
    const [label] = labelsOf([look(3, 'defect', 'rejected')]);
    expect(label).toMatchObject({ state: 'clean', probability: 0 });
    expect(labelsOf([look(3, 'defect', 'confirmed')])[0]).toMatchObject({ state: 'defect', probability: 1 });
  });
});

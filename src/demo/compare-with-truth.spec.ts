import { describe, expect, it } from 'vitest';
import { compareWithTruth, type Report, type TrueDefect } from './compare-with-truth.ts';

const day = (n: number) => new Date(Date.UTC(2026, 0, n));
const joint: TrueDefect = { lineId: 'L01', towerId: 'T03', kind: 'failing_joint', onsetAt: day(10) };
const report = (towerId: string, n: number, kind = 'failing_joint'): Report => ({
  lineId: 'L01',
  towerId,
  kind,
  at: day(n),
});

describe('the comparison with the truth', () => {
  it('counts a defect as found from the first report after its onset', () => {
    const { outcomes, found, missed } = compareWithTruth([joint], [report('T03', 15), report('T03', 12)], []);
    expect(outcomes[0]?.seenByDroneAt).toEqual(day(12));
    expect([found, missed]).toEqual([1, 0]);
  });

  it('counts a report before the onset, or of a sound tower, as false', () => {
    const { found, falseEvents } = compareWithTruth([joint], [], [report('T03', 9), report('T04', 20)]);
    expect(found).toBe(0);
    expect(falseEvents).toHaveLength(2);
  });

  it('wants the right kind from a drone but only the right tower from a sensor', () => {
    const wrongKind = report('T03', 12, 'broken_insulator');
    expect(compareWithTruth([joint], [wrongKind], []).falseFindings).toHaveLength(1);
    expect(compareWithTruth([joint], [], [wrongKind])).toMatchObject({ found: 1, falseEvents: [] });
  });
});

import { describe, expect, it } from 'vitest';
import type { ReviewState } from '../domain/finding.ts';
import type { SeenDefect } from './group-defects.ts';
import { planFindings, type KnownFinding } from './plan-findings.ts';

const KIND = 'failing_joint';
const IN_VIEW = new Map([['joint', ['i1', 'i2']]]);

const seen = (x: number, changes: Partial<SeenDefect> & { image?: string } = {}): SeenDefect => ({
  kind: KIND,
  probability: 0.9,
  extent: null,
  height: null,
  boxes: [
    { boxId: `d${x}`, imageId: changes.image ?? 'i1', category: KIND, score: 0.9, bbox: [x, 0, 10, 10] },
  ],
  ...changes,
});
const known = (findingId: string, x: number | null, changes: Partial<KnownFinding> = {}): KnownFinding => ({
  findingId,
  kind: KIND,
  detectedKind: KIND,
  defectNumber: 1,
  outcome: x === null ? 'clean' : 'defect',
  reviewState: 'unreviewed',
  evidence: x === null ? [] : [{ boxId: 'old', imageId: 'i1', bbox: [x, 0, 10, 10] }],
  ...changes,
});
const plan = (
  findings: KnownFinding[],
  defects: SeenDefect[],
  inView: ReadonlyMap<string, string[]> = IN_VIEW,
) => planFindings(findings, defects, [KIND], inView);

describe('what is written when a look was analysed', () => {
  it('is one finding a defect, and one that says clean where there is none', () => {
    expect(plan([], [seen(0), seen(50)]).insert).toMatchObject([
      { outcome: 'defect', defectNumber: 1, severity: 5 },
      { outcome: 'defect', defectNumber: 2, severity: 5 },
    ]);
    expect(plan([], []).insert).toMatchObject([
      { outcome: 'clean', probability: 0, severity: null, imageIds: ['i1', 'i2'] },
    ]);
  });

  it('is no clean finding of what was not in view', () => {
    expect(plan([], [], new Map())).toEqual({ insert: [], update: [], grow: [], remove: [] });
  });

  it('tells a clean finding how likely the defect still is', () => {
    expect(plan([], [seen(0, { probability: 0.65 })]).insert).toMatchObject([
      { outcome: 'clean', probability: 0.65 },
    ]);
  });

  it('keeps the id of a defect that is found again elsewhere in the list', () => {
    const findings = [known('a', 0), known('b', 50, { defectNumber: 2 })];
    const { update, insert, remove } = plan(findings, [seen(52), seen(1)]);
    expect(update.map(({ findingId, boxes }) => [findingId, boxes[0]!.bbox[0]])).toEqual([
      ['b', 52],
      ['a', 1],
    ]);
    expect([insert, remove]).toEqual([[], []]);
  });

  it('turns the row that said clean into the first defect, and back', () => {
    const { update } = plan([known('a', null)], [seen(0), seen(50)]);
    expect(update).toMatchObject([{ findingId: 'a', outcome: 'defect', defectNumber: 1 }]);
    const gone = plan([known('a', 0), known('b', 50, { defectNumber: 2 })], []);
    expect(gone).toMatchObject({ update: [{ findingId: 'a', outcome: 'clean' }], remove: ['b'], insert: [] });
  });

  it('says nothing new when nothing is', () => {
    const box = { boxId: 'd0', imageId: 'i1', bbox: [0, 0, 10, 10] as const };
    expect(plan([known('a', 0, { evidence: [box] })], [seen(0)]).update).toMatchObject([
      { isSeenOtherwise: false },
    ]);
    expect(plan([known('a', 3)], [seen(0)]).update).toMatchObject([{ isSeenOtherwise: true }]);
  });

  it.each<ReviewState>(['confirmed', 'rejected', 'reclassed'])(
    'leaves what a person called %s alone, whatever the detector finds there now',
    (reviewState) => {
      const kind = reviewState === 'reclassed' ? 'bird_nest' : KIND;
      const decided = known('a', 0, { reviewState, kind });
      const again = plan([decided], [seen(1, { probability: 0.99 })]);
      expect(again).toMatchObject({ update: [], remove: [], grow: [] });
      expect(again.insert.map(({ outcome }) => outcome)).toEqual(
        reviewState === 'reclassed' ? ['clean'] : [],
      );
      expect(plan([decided], []).remove).toEqual([]);
    },
  );

  it('adds further boxes to what a person decided', () => {
    const more = seen(1);
    const boxes = [...more.boxes, { ...more.boxes[0]!, boxId: 'd9', imageId: 'i2' }];
    const { grow } = plan([known('a', 0, { reviewState: 'confirmed' })], [{ ...more, boxes }]);
    expect(grow).toMatchObject([{ findingId: 'a', boxes: [{ boxId: 'd9' }] }]);
  });

  it('finds another defect beside one that a person rejected', () => {
    const { insert } = plan([known('a', 0, { reviewState: 'rejected' })], [seen(1), seen(50)]);
    expect(insert).toMatchObject([{ defectNumber: 2, outcome: 'defect', severity: 4 }]);
  });

  it('knows a box that a person redrew by its id', () => {
    const redrawn = [{ boxId: 'd0', imageId: 'i1', bbox: [200, 200, 10, 10] as const }];
    const decided = known('a', 0, { reviewState: 'confirmed', evidence: redrawn });
    expect(plan([decided], [seen(0)])).toMatchObject({ insert: [], grow: [] });
  });

  it('leaves findings of kinds that the detector does not know', () => {
    expect(plan([known('a', 0, { kind: 'bird_nest', detectedKind: 'bird_nest' })], []).remove).toEqual([]);
  });
});

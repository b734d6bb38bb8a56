import { describe, expect, it } from 'vitest';
import type { Authorship } from './annotation.ts';
import { planImport, type IncomingBox, type StandingBox } from './plan-import.ts';
import type { PixelBox } from './pixel-box.ts';

const at = (xPx: number, yPx: number, side = 100): PixelBox => ({ xPx, yPx, widthPx: side, heightPx: side });
const standing = (box: PixelBox, changes: Partial<StandingBox> = {}): StandingBox => ({
  annotationId: 'd1',
  category: 'insulator',
  box,
  state: 'proposed',
  reviewedAt: null,
  ...changes,
});
const incoming = (
  box: PixelBox,
  category = 'insulator',
  authorship: Authorship | null = null,
): IncomingBox => ({
  category,
  box,
  authorship,
});
const said = (reviewedAt: string, state: 'proposed' | 'confirmed' = 'confirmed'): Authorship => ({
  state,
  score: null,
  modelVersion: null,
  reviewedBy: 'anna',
  reviewedAt,
});
const decisions = (there: StandingBox[], come: IncomingBox[]) =>
  planImport(there, come).words.map(({ decision, standing: about }) => [
    decision,
    about?.annotationId ?? null,
  ]);

describe('boxes that come from elsewhere', () => {
  it('confirm the box in whose place they are, to what tools round', () => {
    expect(decisions([standing(at(10, 10))], [incoming(at(10.04, 9.96))])).toEqual([['confirmed', 'd1']]);
  });

  it('correct the box of their kind that they overlap most, and are new where they overlap none by half', () => {
    const there = [standing(at(0, 0)), standing(at(30, 0), { annotationId: 'd2' })];
    expect(decisions(there, [incoming(at(25, 0))])).toEqual([['corrected', 'd2']]);
    expect(decisions(there, [incoming(at(100, 100))])).toEqual([['added', null]]);
    expect(decisions(there, [incoming(at(25, 0), 'joint')])).toEqual([['added', null]]);
  });

  it('take each standing box once, the one in place first', () => {
    const there = [standing(at(0, 0))];
    expect(decisions(there, [incoming(at(5, 0)), incoming(at(0, 0))])).toEqual([
      ['confirmed', 'd1'],
      ['added', null],
    ]);
  });

  it('call a box something else only where it is in its place', () => {
    expect(decisions([standing(at(0, 0))], [incoming(at(0, 0), 'joint')])).toEqual([['reclassed', 'd1']]);
    const both = [incoming(at(0, 0), 'joint'), incoming(at(0, 0))];
    expect(decisions([standing(at(0, 0))], both)).toEqual([
      ['confirmed', 'd1'],
      ['added', null],
    ]);
  });

  it('say nothing new of what a person confirmed, nor where they come twice', () => {
    const there = [standing(at(0, 0), { state: 'confirmed', reviewedAt: new Date('2026-05-02') })];
    expect(planImport(there, [incoming(at(0, 0)), incoming(at(0, 0))])).toMatchObject({
      words: [],
      known: 2,
    });
  });

  it('do not undo a later word, and do not bring back what a person rejected', () => {
    const later = { state: 'confirmed', reviewedAt: new Date('2026-05-02') } as const;
    const old = incoming(at(5, 0), 'insulator', said('2026-05-01T00:00:00Z'));
    expect(planImport([standing(at(0, 0), later)], [old])).toMatchObject({ words: [], known: 1 });
    const news = incoming(at(5, 0), 'insulator', said('2026-05-03T00:00:00Z'));
    expect(decisions([standing(at(0, 0), later)], [news])).toEqual([['corrected', 'd1']]);
    const rejected = standing(at(0, 0), { ...later, state: 'rejected' });
    expect(planImport([rejected], [incoming(at(0, 0))])).toMatchObject({ words: [], contradicting: [{}] });
    expect(decisions([rejected], [incoming(at(20, 0))])).toEqual([['added', null]]);
  });

  it('are passed over where a machine made them and nobody judged them', () => {
    const machine = incoming(at(0, 0), 'insulator', said('2026-05-01T00:00:00Z', 'proposed'));
    expect(planImport([], [machine, incoming(at(0, 0))])).toMatchObject({
      words: [{ decision: 'added' }],
      proposals: 1,
      known: 0,
    });
  });
});

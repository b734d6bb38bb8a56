import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isDrawnForSecondLook, NO_DEFECT, standingOf, stateOf, verdictOf } from './review.ts';

const KIND = 'failing_joint';
const said = (reviewer: string, verdict: string) => ({ reviewer, verdict });

describe('a verdict', () => {
  it('is what there is, whichever way it was asked', () => {
    expect(verdictOf('confirmed', 'defect', KIND)).toBe(KIND);
    expect(verdictOf('corrected-box', 'defect', KIND)).toBe(KIND);
    expect(verdictOf('rejected', 'defect', KIND)).toBe(NO_DEFECT);
    expect(verdictOf('confirmed', 'clean', KIND)).toBe(NO_DEFECT);
    expect(verdictOf('rejected', 'clean', KIND)).toBe(KIND);
  });

  it('becomes the state of the finding, and gives back the verdict', () => {
    expect(stateOf(KIND, 'defect', KIND)).toEqual({ reviewState: 'confirmed', kind: KIND });
    expect(stateOf(NO_DEFECT, 'defect', KIND)).toEqual({ reviewState: 'rejected', kind: KIND });
    expect(stateOf('bird_nest', 'defect', KIND)).toEqual({ reviewState: 'reclassed', kind: 'bird_nest' });
    expect(stateOf(NO_DEFECT, 'clean', KIND)).toEqual({ reviewState: 'confirmed', kind: KIND });
    expect(stateOf(KIND, 'clean', KIND)).toEqual({ reviewState: 'rejected', kind: KIND });
  });
});

describe('what holds', () => {
  it('is what the first said, and stays so while a second disagrees', () => {
    expect(standingOf([said('anna', KIND)])).toMatchObject({
      verdict: KIND,
      opinionCount: 1,
      isDisputed: false,
    });
    expect(standingOf([said('anna', KIND), said('ben', NO_DEFECT)])).toMatchObject({
      verdict: KIND,
      reviewer: 'anna',
      opinionCount: 2,
      isDisputed: true,
    });
  });

  it('is what a third decides between two', () => {
    const two = [said('anna', KIND), said('ben', NO_DEFECT)];
    expect(standingOf([...two, said('cleo', NO_DEFECT)])).toMatchObject({
      verdict: NO_DEFECT,
      isDisputed: false,
    });
    expect(standingOf([...two, said('cleo', KIND)])).toMatchObject({ verdict: KIND, isDisputed: false });
    expect(standingOf([...two, said('cleo', 'bird_nest')])).toMatchObject({ verdict: 'bird_nest' });
  });

  it('lets nobody count twice', () => {
    const minds = [said('Anna', KIND), said('anna ', NO_DEFECT)];
    expect(standingOf(minds)).toMatchObject({ verdict: NO_DEFECT, opinionCount: 1, isDisputed: false });
  });
});

it('draws one in ten for a second look', () => {
  const drawn = Array.from({ length: 20_000 }, () => randomUUID()).filter(isDrawnForSecondLook).length;
  // Six standard deviations of a share of 0.1 in so many.
  expect(Math.abs(drawn / 20_000 - 0.1)).toBeLessThan(0.013);
});

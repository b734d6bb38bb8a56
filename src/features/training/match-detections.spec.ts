/** Found boxes are paired with the truth one to one, the most certain first. */
import { describe, expect, it } from 'vitest';
import { matchBoxes } from './match-detections.ts';

const left = [0, 0, 10, 10] as const;
const right = [20, 0, 30, 10] as const;

describe('matchBoxes', () => {
  it('gives a truth to the most certain box, and the duplicate nothing', () => {
    const found = [
      { box: left, score: 0.6 },
      { box: left, score: 0.9 },
      { box: right, score: 0.5 },
    ];
    expect(matchBoxes(found, [left, right])).toEqual([-1, 0, 1]);
  });

  it('takes the truth of largest overlap, from one half up', () => {
    const found = [{ box: [0, 0, 10, 8] as const, score: 1 }];
    expect(matchBoxes(found, [[0, 0, 10, 16], left])).toEqual([1]);
    expect(matchBoxes(found, [[0, 0, 10, 17]])).toEqual([-1]);
    expect(matchBoxes(found, [])).toEqual([-1]);
    expect(matchBoxes(found, [left], 0.85)).toEqual([-1]);
  });
});

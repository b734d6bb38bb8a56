/** Boxes overlap, widen and suppress one another as drawn on paper. */
import { describe, expect, it } from 'vitest';
import { intersectionOverUnion, suppress, widenBox } from './box.ts';

describe('intersectionOverUnion', () => {
  it('knows same, half and separate boxes', () => {
    expect(intersectionOverUnion([0, 0, 2, 2], [0, 0, 2, 2])).toBe(1);
    expect(intersectionOverUnion([0, 0, 2, 2], [1, 0, 3, 2])).toBeCloseTo(1 / 3, 12);
    expect(intersectionOverUnion([0, 0, 1, 1], [2, 2, 3, 3])).toBe(0);
    expect(intersectionOverUnion([1, 1, 1, 1], [1, 1, 1, 1])).toBe(0);
  });
});

describe('widenBox', () => {
  it('adds a share of the size on every side', () => {
    expect(widenBox([10, 20, 20, 40], 0.1)).toEqual([9, 18, 21, 42]);
  });
});

describe('suppress', () => {
  const at = (left: number, classIndex: number, score: number) => ({
    box: [left, 0, left + 10, 10] as const,
    classIndex,
    score,
  });

  it('keeps the best of each class where boxes overlap by more than the limit', () => {
    const kept = suppress([at(1, 0, 0.5), at(0, 0, 0.9), at(0, 1, 0.1), at(8, 0, 0.2)], (b) => b.score, 0.5);
    expect(kept.map(({ score }) => score)).toEqual([0.9, 0.2, 0.1]);
  });
});

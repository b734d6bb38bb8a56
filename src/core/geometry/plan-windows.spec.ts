/** Windows cover every picture, tiles overlap enough, and small pictures are looked at as a whole only. */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../statistics/random.ts';
import { OVERLAP, planWindows, type Size, type Window } from './plan-windows.ts';

const FRAME = { width: 640, height: 480 };

describe('planWindows', () => {
  it.each([
    [1, 1],
    [640, 480],
    [1152, 864],
    [1600, 1200],
    [1200, 900],
  ])('looks at a picture of %d x %d as a whole and nothing else', (width, height) => {
    expect(planWindows({ width, height }, FRAME)).toEqual([{ left: 0, top: 0, width, height }]);
  });

  it.each([
    [1601, 1200, 5],
    [4000, 3000, 17],
    [3000, 4000, 25],
    [8000, 6000, 74],
    [12000, 8333, 173],
    [20000, 1000, 54],
  ])('looks at one of %d x %d through %d windows', (width, height, count) => {
    expect(planWindows({ width, height }, FRAME)).toHaveLength(count);
  });

  it('holds on to nothing of a picture but its size', () => {
    const picture = { width: 4000, height: 3000, data: new Uint8Array(1) };
    for (const window of planWindows(picture, FRAME)) {
      expect(Object.keys(window)).toEqual(['left', 'top', 'width', 'height']);
    }
  });

  it('puts every place, and all that is smaller than the overlap, whole into one of the smallest tiles', () => {
    const random = createRandom('plan windows');
    for (let round = 0; round < 300; round++) {
      const picture = {
        width: between(random.uniform(), 700, 14_000),
        height: between(random.uniform(), 700, 14_000),
      };
      const windows = planWindows(picture, FRAME);
      const smallest = windows.filter(({ width, height }) => sameSize({ width, height }, windows.at(-1)!));
      const { width, height } = windows.at(-1)!;
      // Rounding to whole pixels may take one of them.
      const size = { width: Math.floor(width * OVERLAP) - 1, height: Math.floor(height * OVERLAP) - 1 };
      for (let thing = 0; thing < 20; thing++) {
        const left = Math.floor(random.uniform() * (picture.width - size.width));
        const top = Math.floor(random.uniform() * (picture.height - size.height));
        expect(smallest.some((window) => holds(window, { left, top, ...size }))).toBe(true);
      }
      for (const window of windows) expect(holds({ left: 0, top: 0, ...picture }, window)).toBe(true);
    }
  });

  it('never leaves a larger step between two scales than the detector bridges', () => {
    const random = createRandom('steps');
    for (let round = 0; round < 300; round++) {
      const picture = {
        width: between(random.uniform(), 1_700, 40_000),
        height: between(random.uniform(), 1_300, 40_000),
      };
      const scales = [...new Set(planWindows(picture, FRAME).map((window) => shrinkage(window)))];
      scales.slice(1).forEach((finer, index) => {
        expect(scales[index]! / finer).toBeGreaterThan(1);
        expect(scales[index]! / finer).toBeLessThan(3.25);
      });
      expect(scales.at(-1)).toBeLessThan(2.01);
    }
  });
});

function between(share: number, least: number, most: number): number {
  return Math.round(least + share * (most - least));
}

function sameSize(a: Size, b: Size): boolean {
  return a.width === b.width && a.height === b.height;
}

function holds(outer: Window, inner: Window): boolean {
  return (
    outer.left <= inner.left &&
    outer.top <= inner.top &&
    outer.left + outer.width >= inner.left + inner.width &&
    outer.top + outer.height >= inner.top + inner.height
  );
}

function shrinkage({ width, height }: Size): number {
  return Math.max(width / FRAME.width, height / FRAME.height);
}

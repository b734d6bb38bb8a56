/** Scaled pictures hold means where they shrink and straight lines where they grow. */
import { describe, expect, it } from 'vitest';
import { resizePixels } from './resize-pixels.ts';

function picture(width: number, height: number, value: (x: number, y: number) => number) {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    data.fill(value(i % width, Math.floor(i / width)), i * 3, i * 3 + 3);
  }
  return { data, width, height };
}

const greys = ({ data }: { data: Uint8Array }) => Array.from(data).filter((_, i) => i % 3 === 0);

describe('resizePixels', () => {
  it('averages what falls onto one pixel, those at its edges in part', () => {
    const row = picture(3, 1, (x) => [0, 90, 180][x]!);
    // One and a half pixels each: (0 + 90 / 2) / 1.5 and (90 / 2 + 180) / 1.5.
    expect(greys(resizePixels(row, 2, 1))).toEqual([30, 150]);
    expect(
      greys(
        resizePixels(
          picture(4, 4, (x, y) => ((x + y) % 2) * 200),
          2,
          2,
        ),
      ),
    ).toEqual([100, 100, 100, 100]);
  });

  it('draws straight lines between the middles of pixels where it enlarges', () => {
    expect(
      greys(
        resizePixels(
          picture(2, 1, (x) => x * 100),
          4,
          1,
        ),
      ),
    ).toEqual([0, 25, 75, 100]);
    expect(
      greys(
        resizePixels(
          picture(1, 2, (_, y) => y * 100),
          1,
          4,
        ),
      ),
    ).toEqual([0, 25, 75, 100]);
    expect(
      greys(
        resizePixels(
          picture(1, 1, () => 7),
          3,
          2,
        ),
      ),
    ).toEqual([7, 7, 7, 7, 7, 7]);
  });

  it('leaves a picture of the right size as it is', () => {
    const same = picture(5, 4, (x, y) => x * 7 + y * 13);
    expect(resizePixels(same, 5, 4).data).toBe(same.data);
  });
});

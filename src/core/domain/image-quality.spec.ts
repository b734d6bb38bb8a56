/** Measures say what they should of pictures that can be reckoned by hand, and flags follow their limits. */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../statistics/random.ts';
import { measureQuality, qualityFlagsOf, type RgbPixels } from './image-quality.ts';

function picture(luma: (x: number, y: number) => number, width = 64, height = 48): RgbPixels {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return luma(pixel % width, Math.floor(pixel / width));
  });
  return { data, width, height };
}

describe('the sharpness of a picture', () => {
  const sharpness = (luma: (x: number, y: number) => number) => measureQuality(picture(luma)).sharpness;

  it('is a quarter where luma only rises evenly, or not at all', () => {
    expect(sharpness((x, y) => x + 2 * y)).toBeCloseTo(1 / 4, 12);
    expect(sharpness(() => 90)).toBe(1 / 4);
  });

  it('is a half where edges lie between two pixels, however weak they are', () => {
    const grid = (contrast: number) => (x: number, y: number) =>
      100 + contrast * ((Math.floor(x / 8) + Math.floor(y / 8)) % 2);
    expect(sharpness(grid(100))).toBeCloseTo(1 / 2, 1);
    expect(sharpness(grid(10))).toBe(sharpness(grid(100)));
  });

  it('is that of the softest direction: a shake blurs along one only', () => {
    const random = createRandom('shake');
    const rows = Array.from({ length: 48 }, () => Math.floor(150 * random.uniform()));
    expect(sharpness((x, y) => x + rows[y]!)).toBeCloseTo(1 / 4, 1);
  });
});

describe('the exposure of a picture', () => {
  it('is told by what its brightest tenth exceeds and by how much is burnt out', () => {
    const { brightLuma, burntShare } = measureQuality(picture((x) => (x < 16 ? 255 : x < 32 ? 120 : 30)));
    expect(brightLuma).toBe(255);
    expect(burntShare).toBe(0.25);
    expect(measureQuality(picture((x) => (x < 4 ? 255 : 30))).brightLuma).toBe(30);
    expect(measureQuality(picture(() => 0)).brightLuma).toBe(0);
  });
});

describe('the flags of a picture', () => {
  const sound = { sharpness: 0.46, brightLuma: 180, burntShare: 0.02 };

  it('are none where it is sound', () => {
    expect(qualityFlagsOf(sound)).toEqual([]);
  });

  it('name each thing that is wrong, and do not call blurred what is too dark to tell', () => {
    expect(qualityFlagsOf({ ...sound, sharpness: 0.3 })).toEqual(['blurred']);
    expect(qualityFlagsOf({ ...sound, sharpness: 0.3, brightLuma: 12 })).toEqual(['dark']);
    expect(qualityFlagsOf({ ...sound, sharpness: 0.3, burntShare: 0.9 })).toEqual([
      'blurred',
      'over-exposed',
    ]);
  });
});

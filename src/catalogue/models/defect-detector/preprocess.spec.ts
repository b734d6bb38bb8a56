/** Pictures of every shape fit the frame, and boxes come back to where they were. */
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../../core/domain/failure.ts';
import type { Corners } from '../../../core/geometry/box.ts';
import { architecture } from './defaults.ts';
import { fitPixels, letterbox, toPicture } from './preprocess.ts';

const { inputWidth, inputHeight } = architecture;

function picture(width: number, height: number, value: (x: number, y: number) => number) {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    data.fill(value(i % width, Math.floor(i / width)), i * 3, i * 3 + 3);
  }
  return { data, width, height };
}

describe('letterbox', () => {
  it.each([
    [1152, 864],
    [4000, 3000],
    [3000, 4000],
    [640, 123],
    [384, 288],
    [50, 60],
    [1, 1000],
  ])('lays a %d x %d picture into the frame, whole and as large as it fits', (width, height) => {
    const frame = letterbox(width, height);
    const inFrame: Corners = [
      frame.left,
      frame.top,
      frame.left + width * frame.scale,
      frame.top + height * frame.scale,
    ];
    expect(Math.min(...inFrame)).toBeGreaterThanOrEqual(0);
    expect(inFrame[2]).toBeLessThanOrEqual(inputWidth + 1);
    expect(inFrame[3]).toBeLessThanOrEqual(inputHeight + 1);
    expect(Math.max(width * frame.scale - inputWidth, height * frame.scale - inputHeight)).toBeCloseTo(0, 6);
    toPicture(frame, inFrame).forEach((side, i) => expect(side).toBeCloseTo([0, 0, width, height][i]!, 6));
  });

  it('cuts boxes at the edge of the picture', () => {
    expect(toPicture(letterbox(1152, 864), [-20, 10, 700, 900])).toEqual([0, 18, 1152, 864]);
  });
});

describe('fitPixels', () => {
  it('averages the pixels that fall onto one', () => {
    const checks = picture(inputWidth * 2, inputHeight * 2, (x, y) => ((x + y) % 2) * 200);
    const out = fitPixels(checks, letterbox(checks.width, checks.height));
    expect(new Set(out)).toEqual(new Set([100]));
  });

  it('leaves a picture of the right size as it is', () => {
    const same = picture(inputWidth, inputHeight, (x, y) => (x * 7 + y * 13) % 256);
    expect(Buffer.compare(fitPixels(same, letterbox(inputWidth, inputHeight)), same.data)).toBe(0);
  });

  it('puts a tall picture between two grey bars', () => {
    const white = picture(100, 200, () => 255);
    const frame = letterbox(100, 200);
    const out = fitPixels(white, frame);
    const row = (inputHeight / 2) * inputWidth;
    expect(out[row * 3]).toBe(128);
    expect(out[(row + frame.left - 1) * 3]).toBe(128);
    expect(out[(row + frame.left) * 3]).toBe(255);
    expect(out[(row + inputWidth / 2) * 3]).toBe(255);
  });

  it('refuses bytes that do not make the picture', () => {
    const short = { data: new Uint8Array(10), width: 2, height: 2 };
    expect(() => fitPixels(short, letterbox(2, 2))).toThrow(BadInput);
  });
});

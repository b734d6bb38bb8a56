/** What is painted out is gone, and what was around it is not touched; pasted patches blend in. */
import { describe, expect, it } from 'vitest';
import { paintOut } from './paint-out.ts';
import { pastePatch } from './paste-patch.ts';

function slope(width: number, height: number) {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) data.fill(40 + 2 * (i % width), i * 3, i * 3 + 3);
  return { data, width, height };
}

describe('paintOut', () => {
  it('continues a smooth surrounding across the box', () => {
    const [picture, whole] = [slope(60, 40), slope(60, 40)];
    for (let y = 15; y < 25; y++) picture.data.fill(255, (y * 60 + 20) * 3, (y * 60 + 35) * 3);
    paintOut(picture, [20, 15, 35, 25]);
    const worst = picture.data.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - whole.data[i]!)),
      0,
    );
    expect(worst).toBeLessThanOrEqual(8);
    expect(picture.data.slice(0, 15 * 60 * 3)).toEqual(whole.data.slice(0, 15 * 60 * 3));
  });

  it('fills a box that reaches beyond the picture', () => {
    const picture = slope(30, 20);
    paintOut(picture, [-5, -5, 10, 10]);
    expect(picture.data[0]).toBeGreaterThan(0);
  });
});

describe('pastePatch', () => {
  it('shows the patch in its middle and nothing of it at its edge', () => {
    const target = slope(60, 40);
    const white = { data: new Uint8Array(20 * 20 * 3).fill(255), width: 20, height: 20 };
    const box = pastePatch(target, {
      from: white,
      source: [0, 0, 20, 20],
      middle: [30, 20],
      scale: 1,
      rim: 0.3,
    });
    expect(box).toEqual([20, 10, 40, 30]);
    expect(target.data[(20 * 60 + 30) * 3]).toBe(255);
    expect(target.data[(20 * 60 + 20) * 3]).toBeLessThan(120);
    expect(target.data[(20 * 60 + 19) * 3]).toBe(40 + 2 * 19);
  });
});

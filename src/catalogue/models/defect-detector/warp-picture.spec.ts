/** Wherever a picture is moved, its boxes stay on its objects. */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../core/statistics/random.ts';
import { KNOWN_CLASSES } from './defaults.ts';
import type { TrainingPicture } from './training-picture.ts';
import { varyPicture } from './vary-picture.ts';
import { drawWarp, warpPicture } from './warp-picture.ts';

/** A white square, the object, on black. */
function square(left: number, top: number, side: number): TrainingPicture {
  const [width, height] = [160, 120];
  const data = new Uint8Array(width * height * 3);
  for (let y = top; y < top + side; y++) {
    data.fill(255, (y * width + left) * 3, (y * width + left + side) * 3);
  }
  return { data, width, height, objects: [{ classIndex: 0, box: [left, top, left + side, top + side] }] };
}

/** Box of the bright pixels of a window. */
function brightBox({ data, width, height }: { data: Uint8Array; width: number; height: number }) {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let i = 0; i < width * height; i++) {
    if (data[3 * i]! < 200) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    [left, top, right, bottom] = [
      Math.min(left, x),
      Math.min(top, y),
      Math.max(right, x + 1),
      Math.max(bottom, y + 1),
    ];
  }
  return [left, top, right, bottom];
}

describe('warpPicture', () => {
  it('keeps boxes on their objects through a hundred random moves, turns and mirrors', () => {
    let turned = 0;
    for (let seed = 0; seed < 100; seed++) {
      const random = createRandom(seed);
      const picture = square(20 + (seed % 60), 15 + (seed % 40), 30);
      const region = { left: 0, top: 0, width: 128, height: 96 };
      const window = { data: new Uint8Array(128 * 96 * 3), width: 128, height: 96 };
      const warp = drawWarp(random, picture, region, { scales: [0.7, 1.4], aspect: 0.1, quarterTurn: 0.25 });
      const objects = warpPicture(picture, warp, window, region);
      turned += warp.turned ? 1 : 0;
      expect(objects).toHaveLength(1);
      brightBox(window).forEach((side, i) => expect(Math.abs(side - objects[0]!.box[i]!)).toBeLessThan(1.5));
    }
    expect(turned).toBeGreaterThan(10);
  });
});

describe('varyPicture', () => {
  const request = {
    pictures: [square(20, 20, 30), square(70, 50, 40), square(90, 10, 25)],
    classes: KNOWN_CLASSES,
    width: 128,
    height: 96,
    scales: [0.7, 1.4] as const,
    mixes: true,
    aspect: 0.1,
    quarterTurn: 0.25,
  };

  it('gives the same window for the same draw, and another for another', () => {
    const window = (seed: number) => varyPicture(createRandom(seed), request, 0);
    expect(window(1)).toEqual(window(1));
    expect(Buffer.compare(window(1).data, window(2).data)).not.toBe(0);
  });

  it('leaves the pictures that it varies as they were', () => {
    const before = request.pictures.map(({ data }) => data.slice());
    for (let seed = 0; seed < 60; seed++) varyPicture(createRandom(seed), request, seed % 3);
    request.pictures.forEach(({ data }, i) => expect(Buffer.compare(data, before[i]!)).toBe(0));
  });

  it('takes the label away with the defect that it paints out', () => {
    const broken = square(60, 40, 20);
    const objects = [
      { classIndex: 0, box: [40, 30, 100, 70] as const },
      { classIndex: 2, box: [60, 40, 80, 60] as const },
    ];
    const pictures = [{ ...broken, objects }];
    let painted = 0;
    for (let seed = 0; seed < 80; seed++) {
      const { data, objects: left } = varyPicture(createRandom(seed), { ...request, pictures, mixes: false, scales: [0.8, 0.8] }, 0); // prettier-ignore
      if (left.some(({ classIndex }) => classIndex === 2)) continue;
      painted += 1;
      expect(Math.max(...data)).toBeLessThan(180);
    }
    expect(painted).toBeGreaterThan(2);
  });
});

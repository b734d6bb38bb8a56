/** Frames of one burst are known by their hash, and other photographs are not taken for them. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { hashDistance, NEAR_DUPLICATE_BITS } from '../../src/core/domain/perceptual-hash.ts';
import { hashPicture } from '../../src/features/inspection/hash-photograph.ts';
import { PHOTOGRAPH_SIZE, renderPhotograph } from '../../src/features/simulation/render-photograph.ts';

const PHOTOGRAPHS = 24;
const FRAME = { width: 1000, height: 750 };

async function frame(jpeg: Buffer, shift: number, brightness: number): Promise<string> {
  const [left, top] = [
    (PHOTOGRAPH_SIZE.width - FRAME.width) / 2,
    (PHOTOGRAPH_SIZE.height - FRAME.height) / 2,
  ];
  const by = Math.round(shift * FRAME.width);
  const cut = sharp(jpeg).extract({ ...FRAME, left: left + by, top: top + by });
  return hashPicture(await cut.resize(360).linear(brightness, 0).jpeg({ quality: 70 }).toBuffer());
}

describe('the perceptual hash of photographs', () => {
  it('knows most frames that moved a little in other light, though half of a drawn picture is flat sky, and takes no other', async () => {
    const jpegs: Buffer[] = [];
    for (let seed = 0; seed < PHOTOGRAPHS; seed++) {
      const wanted = { insulatorDefect: seed % 2 === 0, jointDefect: seed % 3 === 0 };
      jpegs.push((await renderPhotograph({ seed: `near/${seed}`, ...wanted })).jpeg);
    }
    const hashes = await Promise.all(jpegs.map((jpeg) => frame(jpeg, 0, 1)));
    const moved = await Promise.all(jpegs.map((jpeg) => frame(jpeg, 0.005, 0.95)));
    const isOneView = (a: string, b: string) => hashDistance(a, b) <= NEAR_DUPLICATE_BITS;
    const known = hashes.filter((hash, index) => isOneView(hash, moved[index]!)).length;
    expect(known).toBeGreaterThanOrEqual(0.8 * PHOTOGRAPHS);
    for (const [index, hash] of hashes.entries()) {
      expect(moved.filter((other, at) => at !== index && isOneView(hash, other))).toEqual([]);
    }
  });
});

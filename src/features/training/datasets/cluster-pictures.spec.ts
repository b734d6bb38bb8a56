/** Near-duplicates come into one cluster, mirrored defects too, and strangers stay apart. */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../core/statistics/random.ts';
import { clusterPictures, thumbnailsOf } from './cluster-pictures.ts';

const [width, height] = [96, 72];

/** Smooth blobs: what differs between scenes differs at 16 x 16 as well. */
function scene(seed: number, brightness = 1) {
  const random = createRandom(seed);
  const blobs = Array.from({ length: 8 }, () => [
    random.uniform() * width,
    random.uniform() * height,
    random.normal(),
  ]);
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const sum = blobs.reduce(
      (s, [bx, by, a]) => s + a! * Math.exp(-((x - bx!) ** 2 + (y - by!) ** 2) / 300),
      0,
    );
    data.fill(Math.max(0, Math.min(255, brightness * (120 + 60 * sum))), i * 3, i * 3 + 3);
  }
  return { data, width, height };
}

function withPatch(seed: number, patch: number, mirrored: boolean) {
  const picture = scene(seed);
  const random = createRandom(`patch ${patch}`);
  const values = Array.from({ length: 36 }, () => 255 * random.uniform());
  for (let y = 0; y < 24; y++) {
    for (let x = 0; x < 24; x++) {
      const column = Math.floor((mirrored ? 23 - x : x) / 4);
      const at = ((30 + y) * width + 40 + x) * 3;
      picture.data.fill(values[Math.floor(y / 4) * 6 + column]!, at, at + 3);
    }
  }
  return thumbnailsOf(picture, [[40, 30, 64, 54]]);
}

describe('clusterPictures', () => {
  it('joins a picture with a darker copy of itself, and not with others', () => {
    const pictures = [scene(1), scene(2), scene(1, 0.8), scene(3)];
    expect(clusterPictures(pictures.map((picture) => thumbnailsOf(picture, [])))).toEqual([0, 1, 0, 2]);
  });

  it('joins pictures that show one defect before other scenery, mirrored or not', () => {
    expect(clusterPictures([withPatch(1, 1, false), withPatch(2, 2, false), withPatch(3, 1, true)])).toEqual([
      0, 1, 0,
    ]);
  });

  it('joins what is joined through a third', () => {
    const [plain, patched] = [thumbnailsOf(scene(1), []), withPatch(2, 2, true)];
    const chain = [plain, patched, { frame: plain.frame, defects: withPatch(3, 2, false).defects }];
    expect(clusterPictures(chain)).toEqual([0, 0, 0]);
  });
});

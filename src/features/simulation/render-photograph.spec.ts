/** Rendered photographs are the same for the same seed, tell the truth about their objects, and know where they were taken. */
import { createHash } from 'node:crypto';
import exifr from 'exifr';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../core/statistics/random.ts';
import { drawScene } from './draw-scene.ts';
import { overlap } from './picture-geometry.ts';
import { PHOTOGRAPH_SIZE, renderPhotograph } from './render-photograph.ts';

const sound = { insulatorDefect: false, jointDefect: false };

describe('a rendered photograph', () => {
  it('is drawn from the same seed to the last digit on every machine', () => {
    const drawn = [1, 2, 3].map((seed) =>
      drawScene(createRandom(seed), PHOTOGRAPH_SIZE, { insulatorDefect: seed > 1, jointDefect: seed > 2 }),
    );
    const hash = createHash('sha256').update(JSON.stringify(drawn)).digest('hex');
    expect(hash).toBe('e359826f90cf5259e5f82b9ba075cb2d5259ffb2d88384c799c77ee410b0c029');
  });

  it('has the same bytes for the same seed and other bytes for another', async () => {
    const [first, again, other] = await Promise.all([
      renderPhotograph({ seed: 'a', ...sound }),
      renderPhotograph({ seed: 'a', ...sound }),
      renderPhotograph({ seed: 'b', ...sound }),
    ]);
    expect(first.jpeg.equals(again.jpeg)).toBe(true);
    expect(first.jpeg.equals(other.jpeg)).toBe(false);
    expect(await sharp(first.jpeg).metadata()).toMatchObject({ format: 'jpeg', ...PHOTOGRAPH_SIZE });
  });

  it('shows one or two insulator strings and one joint, inside the picture and clear of one another', () => {
    for (let seed = 0; seed < 200; seed++) {
      const { objects } = drawScene(createRandom(seed), PHOTOGRAPH_SIZE, sound);
      const categories = objects.map((object) => object.category).join();
      expect(['insulator,joint', 'insulator,insulator,joint']).toContain(categories);
      for (const { bbox } of objects) {
        expect(Math.min(bbox[0], bbox[1])).toBeGreaterThanOrEqual(0);
        expect(bbox[0] + bbox[2]).toBeLessThanOrEqual(PHOTOGRAPH_SIZE.width);
        expect(bbox[1] + bbox[3]).toBeLessThanOrEqual(PHOTOGRAPH_SIZE.height);
        expect(objects.filter((other) => overlap(other.bbox, bbox))).toHaveLength(1);
      }
    }
  });

  it('differs between sound and defective only in the defective object', () => {
    const draw = (wanted: typeof sound) => drawScene(createRandom(11), PHOTOGRAPH_SIZE, wanted).objects;
    const [healthy, defective] = [draw(sound), draw({ insulatorDefect: true, jointDefect: true })];
    expect(defective.map(({ bbox }) => bbox)).toEqual(healthy.map(({ bbox }) => bbox));
    expect(healthy.every(({ defect }) => defect === null)).toBe(true);
    expect(defective.map(({ defect }) => defect).filter((defect) => defect !== null)).toEqual([
      'broken_insulator',
      'failing_joint',
    ]);
  });

  it('carries its time in UTC and its position to a hundred-thousandth of a degree', async () => {
    for (const [latitudeDeg, longitudeDeg, altitudeMetre] of [
      [51.4778234, -0.0014719, 62.25],
      [-33.99999999, 151.2093417, 0.5],
      [0, -179.9999, 812],
    ] as const) {
      const takenAt = new Date('2026-06-03T04:05:06Z');
      const origin = { takenAt, latitudeDeg, longitudeDeg, altitudeMetre };
      const { jpeg } = await renderPhotograph({ seed: 1, ...sound, ...origin });
      const exif = (await exifr.parse(jpeg, { gps: true, tiff: true })) as Record<string, unknown>;
      expect(exif['DateTimeOriginal']).toEqual(takenAt);
      expect(exif['OffsetTimeOriginal']).toBe('+00:00');
      expect(Math.abs(Number(exif['latitude']) - latitudeDeg)).toBeLessThan(1e-5);
      expect(Math.abs(Number(exif['longitude']) - longitudeDeg)).toBeLessThan(1e-5);
      expect(exif['GPSAltitude']).toBeCloseTo(altitudeMetre, 2);
    }
  });

  it('carries neither time nor position when none was given', async () => {
    const { jpeg } = await renderPhotograph({ seed: 1, ...sound });
    const exif = (await exifr.parse(jpeg, { gps: true, tiff: true })) as Record<string, unknown>;
    expect(exif).not.toHaveProperty('DateTimeOriginal');
    expect(exif).not.toHaveProperty('latitude');
  });
});

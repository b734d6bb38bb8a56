/** A data set in COCO form is read as objects with or without a defect; what is wrong with it is named. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCocoPictures, readSplit } from './coco-dataset.ts';

let folder: string;

const dataset = {
  images: [
    { id: 7, file_name: 'a.png' },
    { id: 8, file_name: 'b.png' },
  ],
  categories: [
    { id: 1, name: 'insulator' },
    { id: 2, name: 'broken_insulator' },
  ],
  annotations: [
    { image_id: 7, category_id: 1, bbox: [0, 0, 40, 10] },
    { image_id: 7, category_id: 1, bbox: [0, 20, 40, 10] },
    { image_id: 7, category_id: 2, bbox: [10, 21, 6, 8] },
    { image_id: 8, category_id: 2, bbox: [5, 5, 10, 10] },
  ],
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'coco-'));
  await mkdir(join(folder, 'images'));
  const background = '#336699';
  await sharp({ create: { width: 64, height: 48, channels: 3, background } }).toFile(
    join(folder, 'images/a.png'),
  );
  await writeFile(join(folder, 'annotations.json'), JSON.stringify(dataset));
  await writeFile(join(folder, 'split.json'), JSON.stringify({ train: ['a.png'], validation: ['b.png'] }));
});
afterAll(() => rm(folder, { recursive: true }));

describe('readCocoPictures', () => {
  it('gives a defect to the object that holds it', async () => {
    const [picture] = await readCocoPictures(folder, ['images/a.png']);
    const { pixels, objects } = await picture!.read();
    expect([pixels.width, pixels.height]).toEqual([64, 48]);
    expect(objects).toEqual([
      { category: 'insulator', defective: false, box: [0, 0, 40, 10] },
      { category: 'insulator', defective: true, box: [0, 20, 40, 30] },
    ]);
  });

  it('names a picture that is not described, or not there', async () => {
    await expect(readCocoPictures(folder, ['c.png'])).rejects.toThrow('c.png');
    const [missing] = await readCocoPictures(folder, ['b.png']);
    await expect(missing!.read()).rejects.toThrow('b.png cannot be read');
  });

  it('names a category that the detector does not know', async () => {
    const other = await mkdtemp(join(tmpdir(), 'coco-'));
    const categories = [{ id: 1, name: 'bird' }];
    await writeFile(join(other, 'annotations.json'), JSON.stringify({ ...dataset, categories }));
    await expect(readCocoPictures(other, [])).rejects.toThrow('the category bird');
    await rm(other, { recursive: true });
  });
});

describe('readSplit', () => {
  it('reads both lists, and names the place where a file is not a split', async () => {
    expect(await readSplit(join(folder, 'split.json'))).toEqual({ train: ['a.png'], validation: ['b.png'] });
    await expect(readSplit(join(folder, 'annotations.json'))).rejects.toThrow('at train');
  });
});

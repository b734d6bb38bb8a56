/** Four forms of data set give the same pictures and boxes; whatever is wrong with one is said once and clearly. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDataset, type DatasetOptions } from './read-dataset.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dataset-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function put(name: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), content);
}

const jpeg = (background: string) =>
  sharp({ create: { width: 100, height: 80, channels: 3, background } })
    .jpeg()
    .toBuffer();

async function putPictures(...names: string[]): Promise<void> {
  for (const [index, name] of names.entries()) await put(name, await jpeg(index ? '#336699' : '#993366'));
}

const xmlObject = (name: string, [left, top, right, bottom]: readonly number[]) =>
  `<object><name>${name}</name><bndbox><xmin>${left}</xmin><ymin>${top}</ymin><xmax>${right}</xmax><ymax>${bottom}</ymax></bndbox></object>`;
const xml = (...objects: string[]) =>
  `<annotation><filename>a.jpg</filename>${objects.join('')}</annotation>`;

const string = [10, 20, 90, 40] as const;
const gap = [30, 22, 40, 38] as const;
const expected = [
  { category: 'insulator', box: string },
  { category: 'broken_insulator', box: gap },
];

function coco(changes: Record<string, unknown> = {}): string {
  return JSON.stringify({
    images: [
      { id: 7, file_name: 'a.jpg' },
      { id: 8, file_name: 'b.jpg' },
    ],
    categories: [
      { id: 1, name: 'insulator' },
      { id: 2, name: 'broken_insulator' },
    ],
    annotations: [
      { image_id: 7, category_id: 1, bbox: [10, 20, 80, 20] },
      { image_id: 7, category_id: 2, bbox: [30, 22, 10, 16] },
    ],
    ...changes,
  });
}

async function putCoco(changes: Record<string, unknown> = {}): Promise<void> {
  await putPictures('images/a.jpg', 'images/b.jpg');
  await put('annotations.json', coco(changes));
}

const read = (options?: DatasetOptions) => readDataset(folder, options);

describe('readDataset', () => {
  it('reads COCO', async () => {
    await putCoco();
    const { form, classes, pictures } = await read();
    expect(form).toBe('coco');
    expect(classes.map(({ name, kind }) => [name, kind])).toEqual([
      ['insulator', 'object'],
      ['broken_insulator', 'defect'],
    ]);
    expect(pictures.map(({ name, boxes }) => [name, boxes])).toEqual([
      ['a.jpg', expected],
      ['b.jpg', []],
    ]);
    expect(await pictures[0]!.read()).toMatchObject({ width: 100, height: 80 });
  });

  it('reads Pascal VOC', async () => {
    await putPictures('JPEGImages/a.jpg', 'JPEGImages/b.jpg');
    await put('Annotations/a.xml', xml(xmlObject('insulator', string), xmlObject('broken_insulator', gap)));
    await put('Annotations/b.xml', '<annotation><filename>b.jpg</filename></annotation>');
    const { form, pictures } = await read();
    expect(form).toBe('voc');
    expect(pictures.map(({ boxes }) => boxes)).toEqual([expected, []]);
  });

  it('reads YOLO, where a picture without labels shows nothing', async () => {
    await putPictures('images/a.jpg', 'images/b.jpg');
    await put('labels/a.txt', '0 0.5 0.375 0.8 0.25\n1 0.35 0.375 0.1 0.2\n');
    await put('data.yaml', 'names:\n  0: insulator\n  1: broken_insulator\n');
    const { form, pictures } = await read();
    expect(form).toBe('yolo');
    const boxes = pictures[0]!.boxes.map(({ box }) => box.map((side) => Math.round(side * 1e6) / 1e6));
    expect(boxes).toEqual([[...string], [...gap]]);
    expect(pictures[1]!.boxes).toEqual([]);
  });

  it('reads CPLID, whose defects are broken insulators', async () => {
    await putPictures('Defective_Insulators/images/000.jpg', 'Normal_Insulators/images/000.jpg');
    await put('Defective_Insulators/labels/insulator/000.xml', xml(xmlObject('insulator', string)));
    await put('Defective_Insulators/labels/defect/000.xml', xml(xmlObject('defect', gap)));
    await put('Normal_Insulators/labels/000.xml', xml(xmlObject('insulator', string)));
    const { form, pictures } = await read();
    expect(form).toBe('cplid');
    expect(pictures.map(({ name, boxes }) => [name, boxes.length])).toEqual([
      ['Defective_Insulators/images/000.jpg', 2],
      ['Normal_Insulators/images/000.jpg', 1],
    ]);
    expect(pictures[0]!.boxes).toEqual(expected);
  });

  it('opens only the pictures that are wanted', async () => {
    await putCoco();
    await put('images/b.jpg', 'not a picture');
    const { pictures } = await read({ only: new Set(['a.jpg']) });
    expect(pictures.map(({ name }) => name)).toEqual(['a.jpg']);
    await expect(read({ only: new Set(['c.jpg']) })).rejects.toThrow('does not describe the picture c.jpg');
  });

  it('has another hash when a box or a picture changes, and the same for the same', async () => {
    await putCoco();
    const { sha256 } = await read();
    expect((await read()).sha256).toBe(sha256);
    await put('annotations.json', coco({ annotations: [] }));
    const unlabelled = (await read()).sha256;
    expect(unlabelled).not.toBe(sha256);
    await put('images/b.jpg', await jpeg('#123456'));
    expect((await read()).sha256).not.toBe(unlabelled);
  });

  it('takes a new class that COCO declares a defect, or that is declared beside the set', async () => {
    const flashover = { id: 2, name: 'flashover' };
    await putCoco({
      categories: [
        { id: 1, name: 'insulator' },
        { ...flashover, supercategory: 'defect' },
      ],
    });
    expect((await read()).classes.at(-1)).toEqual({ name: 'flashover', kind: 'defect' });
    await putCoco({ categories: [{ id: 1, name: 'insulator' }, flashover] });
    await expect(read()).rejects.toThrow('--class flashover:object or --class flashover:defect');
    const classes = [{ name: 'flashover', kind: 'defect' }] as const;
    expect((await read({ classes })).classes.at(-1)).toEqual(classes[0]);
  });

  it('cuts a box that is two pixels too long, and refuses one that is longer or has no area', async () => {
    const box = (bbox: readonly number[]) => ({ annotations: [{ image_id: 7, category_id: 1, bbox }] });
    await putCoco(box([-1, 20, 103, 20]));
    expect((await read()).pictures[0]!.boxes[0]!.box).toEqual([0, 20, 100, 40]);
    await putCoco(box([10, 20, 100, 20]));
    await expect(read()).rejects.toThrow('of a.jpg reaches 10 px beyond the picture, which is 100 x 80');
    await putCoco(box([10, 20, 0, 20]));
    await expect(read()).rejects.toThrow('of a.jpg (left, top, right, bottom) has no area');
  });

  it('names an annotation of nothing that is listed, and a picture listed twice', async () => {
    await putCoco({ annotations: [{ image_id: 9, category_id: 1, bbox: [1, 1, 5, 5] }] });
    await expect(read()).rejects.toThrow('annotation 0 names image 9, which is not listed');
    await putCoco({ annotations: [{ image_id: 7, category_id: 5, bbox: [1, 1, 5, 5] }] });
    await expect(read()).rejects.toThrow('annotation 0 names category 5');
    await putCoco({ images: [7, 8].map((id) => ({ id, file_name: 'a.jpg' })), annotations: [] });
    await expect(read()).rejects.toThrow('lists the picture a.jpg twice');
    await putCoco({ images: [], annotations: [] });
    await expect(read()).rejects.toThrow('describes no picture');
  });

  it('names a file that is empty, or is not what its name says', async () => {
    await putCoco();
    await put('annotations.json', '');
    await expect(read()).rejects.toThrow('annotations.json is empty');
    await put('annotations.json', '{');
    await expect(read()).rejects.toThrow('annotations.json is not JSON');
    await put('annotations.json', '{"images": []}');
    await expect(read()).rejects.toThrow('not as expected at categories');
    await putCoco();
    await put('images/b.jpg', '');
    await expect(read()).rejects.toThrow('b.jpg is empty');
    await put('images/b.jpg', 'text');
    await expect(read()).rejects.toThrow('b.jpg: The file is not a picture');
    await rm(join(folder, 'images/b.jpg'));
    await expect(read()).rejects.toThrow(/b\.jpg, which .* describes, cannot be read/);
  });

  it('says of a picture that is cut short, when it is decoded, which one it is', async () => {
    await putCoco();
    const noise = Buffer.from(Array.from({ length: 100 * 80 * 3 }, (_, i) => (i * 7919) % 251));
    const whole = await sharp(noise, { raw: { width: 100, height: 80, channels: 3 } })
      .jpeg()
      .toBuffer();
    await put('images/b.jpg', whole.subarray(0, whole.length / 2));
    const { pictures } = await read();
    await expect(pictures[1]!.read()).rejects.toThrow(/b\.jpg: The picture is damaged or cut short/);
  });

  it('names broken XML, YAML and rows of numbers', async () => {
    await putPictures('JPEGImages/a.jpg');
    await put('Annotations/a.xml', '<annotation><object></annotation>');
    await expect(read()).rejects.toThrow('a.xml is not XML: line 1');
    await put('Annotations/a.xml', xml(xmlObject('insulator', [1, 2, NaN, 4])));
    await expect(read()).rejects.toThrow('annotation.object.0.bndbox.xmax');
    await rm(join(folder, 'Annotations'), { recursive: true });
    await putPictures('images/a.jpg');
    await put('labels/a.txt', '0 0.5 0.5');
    await put('data.yaml', 'names: [insulator');
    await expect(read()).rejects.toThrow('data.yaml is not YAML');
    await put('data.yaml', 'names: [insulator]');
    await expect(read()).rejects.toThrow('line 1 is not "class x y width height"');
    await put('labels/a.txt', '3 0.5 0.5 0.1 0.1');
    await expect(read()).rejects.toThrow('has class 3, which data.yaml or classes.txt does not name');
  });

  it('says which forms it looked for', async () => {
    await expect(read()).rejects.toThrow(/COCO.*Pascal VOC.*YOLO.*CPLID/);
    await expect(readDataset(join(folder, 'nowhere'))).rejects.toThrow('is not there');
  });
});

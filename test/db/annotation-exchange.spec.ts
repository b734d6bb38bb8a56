/** Boxes leave the database for other tools and come back: nothing is lost, nothing is said twice. */
import { createHash } from 'node:crypto';
import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ANNOTATION_FORMS, type AnnotationForm } from '../../src/core/annotation/annotation.ts';
import { ExportAnnotations } from '../../src/features/exchange/export-annotations.ts';
import { ImportAnnotations } from '../../src/features/exchange/import-annotations.ts';
import { readDataset } from '../../src/features/training/datasets/read-dataset.ts';
import { BlobStore } from '../../src/platform/blobs/blob-store.ts';
import { walkFiles } from '../../src/platform/blobs/walk-files.ts';
import { AnnotationCategoryRepository } from '../../src/platform/storage/annotation-category-repository.ts';
import {
  AnnotationExportRepository,
  type AnnotationSelection,
} from '../../src/platform/storage/annotation-export-repository.ts';
import { AnnotationRepository } from '../../src/platform/storage/annotation-repository.ts';
import { FindingRepository } from '../../src/platform/storage/finding-repository.ts';
import { NamedPictureRepository } from '../../src/platform/storage/named-picture-repository.ts';
import { cameraPicture } from '../support/camera-file.ts';
import { withTestDatabase } from '../support/test-database.ts';

const ALL: AnnotationSelection = { state: 'all', flight: null, line: null };
const CONFIRMED: AnnotationSelection = { ...ALL, state: 'confirmed' };
const PROPOSED: AnnotationSelection = { ...ALL, state: 'proposed' };

describe('boxes in the database', () => {
  const { database } = withTestDatabase();
  let folder: string;
  let blobs: BlobStore;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'annotation-exchange-'));
    blobs = new BlobStore(path.join(folder, 'blobs'));
    await blobs.prepare(true);
    await database().query('TRUNCATE line, image CASCADE');
    await database().query('DELETE FROM annotation_category WHERE category_id > 4');
    await database().query(`INSERT INTO line VALUES ('L01', 'One')`);
    await database().query(`INSERT INTO flight (flight_id, line_id) VALUES ('F1', 'L01'), ('F2', 'L01')`);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const exporter = () =>
    new ExportAnnotations(
      new AnnotationExportRepository(database()),
      new AnnotationCategoryRepository(database()),
      blobs,
    );
  const importer = (takeIn: ((file: string, fileName: string) => Promise<void>) | null = null) =>
    new ImportAnnotations(
      database(),
      new NamedPictureRepository(database()),
      new AnnotationRepository(database()),
      new FindingRepository(database()),
      new AnnotationCategoryRepository(database()),
      takeIn,
    );
  const take = (
    name: string,
    form: AnnotationForm,
    cocoFile?: string,
    more: { takeIn?: typeof addPicture } = {},
  ) =>
    importer(
      more.takeIn
        ? async (file, fileName) => void (await more.takeIn!(await readFile(file), fileName))
        : null,
    ).run({
      form,
      folder: path.join(folder, name),
      reviewer: 'anna',
      cocoFile,
    });
  const export_ = (name: string, form: AnnotationForm, selection = ALL, withImages = false) =>
    exporter().run(form, selection, path.join(folder, name), withImages);

  async function addPicture(bytes: Buffer, fileName: string, flight = 'F1'): Promise<string> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const file = path.join(folder, 'incoming-picture');
    await writeFile(file, bytes);
    await blobs.keepAs(file, sha256);
    const { rows } = await database().query<{ image_id: string }>(
      `INSERT INTO image (sha256, file_name, media_type, byte_count, width_px, height_px, flight_id, line_id, state)
       VALUES ($1, $2, 'image/jpeg', $3, 640, 480, $4, NULL, 'analysed') RETURNING image_id`,
      [sha256, fileName, bytes.length, flight],
    );
    return rows[0]!.image_id;
  }
  const jpeg = (seed: number) => cameraPicture({ seed }).jpeg().toBuffer();
  const addDetection = async (
    imageId: string,
    box: readonly number[],
    category = 'insulator',
  ): Promise<string> => {
    const { rows } = await database().query<{ detection_id: string }>(
      `INSERT INTO detection (image_id, category, score, x_px, y_px, width_px, height_px, model_version)
       VALUES ($1, $2, 0.1 + 0.2, $3, $4, $5, $6, 'v1') RETURNING detection_id`,
      [imageId, category, ...box],
    );
    return rows[0]!.detection_id;
  };
  const review = (
    imageId: string,
    detectionId: string | null,
    decision: string,
    box = [1, 1, 5, 5],
    category = 'insulator',
  ) =>
    database().query(
      `INSERT INTO box_review (image_id, detection_id, decision, category, x_px, y_px, width_px, height_px, reviewer, reviewed_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'bert', '2026-05-01T10:00:00.123456Z')`,
      [imageId, detectionId, decision, category, ...box],
    );
  const words = async () =>
    (
      await database().query<{ decision: string; reviewer: string; category: string }>(
        'SELECT decision, reviewer, category FROM box_review ORDER BY reviewed_at, box_review_id',
      )
    ).rows;
  const bytesOf = async (name: string) => {
    const files: Record<string, string> = {};
    for await (const { path: file, relative } of walkFiles(path.join(folder, name)))
      files[relative] = await readFile(file, 'latin1');
    return files;
  };

  /** Three photographs: one judged, one that waits, one of which a person said that nothing is there. */
  async function fill(): Promise<{ judged: string; waits: string; cleared: string }> {
    const judged = await addPicture(await jpeg(1), '../../🚁 a\nb.JPG');
    const waits = await addPicture(await jpeg(2), 'DJI_0042.JPG', 'F2');
    const cleared = await addPicture(await jpeg(3), 'DJI_0042.JPG');
    await review(
      judged,
      await addDetection(judged, [10.1, 20.2, 300.3, 40.4]),
      'confirmed',
      [10.1, 20.2, 300.3, 40.4],
    );
    await review(judged, null, 'added', [600.25, 470.125, 39.75, 9.875], 'broken_insulator');
    await addDetection(waits, [1 / 3, 2 / 3, 100 / 7, 0.001]);
    await review(cleared, await addDetection(cleared, [5, 5, 50, 50]), 'rejected', [5, 5, 50, 50]);
    return { judged, waits, cleared };
  }

  describe.each(ANNOTATION_FORMS)('in %s form', (form) => {
    it('are a data set that the detector is trained on as it is', async () => {
      await fill();
      const report = await export_('set', form, CONFIRMED, true);
      expect(report).toEqual({ pictures: 2, boxes: 2, withoutBoxes: 1, undecidedPictures: 0, missing: [] });
      const dataset = await readDataset(path.join(folder, 'set'));
      expect(dataset.form).toBe(form);
      expect(dataset.classes.map(({ name }) => name)).toEqual(['insulator', 'broken_insulator']);
      const boxes = dataset.pictures.flatMap((picture) => picture.boxes);
      expect(boxes.map(({ category }) => category).sort()).toEqual(['broken_insulator', 'insulator']);
      const gap = boxes.find(({ category }) => category === 'broken_insulator')!.box;
      [600.25, 470.125, 640, 480].forEach((side, index) => expect(gap[index]).toBeCloseTo(side, 9));
      expect(await dataset.pictures[0]!.read()).toMatchObject({ width: 640, height: 480 });
    });

    it('say nothing new where they come back to where they came from', async () => {
      await fill();
      await export_('set', form);
      const before = await words();
      const report = await take('set', form);
      expect(report).toMatchObject({ pictures: 3, known: 2, proposals: 1, added: 0, problems: [] });
      expect(await words()).toEqual(before);
      await export_('again', form);
      expect(await bytesOf('again')).toEqual(await bytesOf('set'));
    });

    it('stand in an empty database as they stood, and leave it again byte by byte', async () => {
      await fill();
      // What people drew, without a detector beside it.
      await database().query(`DELETE FROM detection`);
      await export_('set', form, CONFIRMED, true);
      await database().query('TRUNCATE image CASCADE');
      const report = await take('set', form, undefined, { takeIn: addPicture });
      expect(report).toMatchObject({ takenIn: 1, added: 1, problems: [] });
      await export_('again', form, CONFIRMED, true);
      expect(await bytesOf('again')).toEqual(await bytesOf('set'));
      expect(await take('set', form)).toMatchObject({ takenIn: 0, added: 0, known: 1 });
    });
  });

  it('are narrowed to a state, a flight and a line', async () => {
    const { judged } = await fill();
    await addDetection(judged, [400, 300, 20, 20], 'joint');
    await database().query(`INSERT INTO tower VALUES ('T01', 'L01', 50, 8)`);
    await database().query(`UPDATE image SET line_id = 'L01', tower_id = 'T01' WHERE image_id = $1`, [
      judged,
    ]);
    const counts = async (selection: AnnotationSelection, name: string) => {
      const { pictures, boxes, undecidedPictures } = await export_(name, 'yolo', selection);
      expect(await new AnnotationExportRepository(database()).count(selection)).toBe(pictures);
      return [pictures, boxes, undecidedPictures];
    };
    expect(await counts(CONFIRMED, 'a')).toEqual([2, 2, 1]);
    expect(await counts(PROPOSED, 'b')).toEqual([2, 2, 0]);
    expect(await counts(ALL, 'c')).toEqual([3, 4, 0]);
    expect(await counts({ ...ALL, flight: 'F2' }, 'd')).toEqual([1, 1, 0]);
    expect(await counts({ ...ALL, line: 'L01' }, 'e')).toEqual([1, 3, 0]);
  });

  it('are read batch by batch, every one once', async () => {
    await database().query(
      `INSERT INTO image (sha256, file_name, media_type, byte_count, width_px, height_px, state)
       SELECT encode(sha256(n::text::bytea), 'hex'), 'p.jpg', 'image/jpeg', 1, 100, 100, 'analysed' FROM generate_series(1, 1203) n`,
    );
    await database().query(
      `INSERT INTO detection (image_id, category, score, x_px, y_px, width_px, height_px, model_version)
       SELECT image_id, 'joint', 0.5, 1, 1, 5, 5, 'v1' FROM image`,
    );
    expect(await export_('many', 'coco')).toMatchObject({ pictures: 1203, boxes: 1203 });
    const coco = JSON.parse(await readFile(path.join(folder, 'many', 'annotations.json'), 'utf8')) as {
      images: { id: number; file_name: string }[];
      annotations: { id: number; image_id: number; iscrowd: number; area: number; score: number }[];
    };
    expect(new Set(coco.images.map(({ file_name }) => file_name)).size).toBe(1203);
    expect(new Set(coco.annotations.map(({ image_id }) => image_id)).size).toBe(1203);
    expect(coco.annotations[0]).toMatchObject({ id: 1, image_id: 1, iscrowd: 0, area: 25, score: 0.5 });
  });

  it('number a class once, whatever is exported afterwards', async () => {
    const picture = await addPicture(await jpeg(1), 'a.jpg');
    await addDetection(picture, [1, 1, 5, 5], 'vegetation');
    await export_('one', 'yolo');
    await addDetection(picture, [1, 1, 5, 5], 'bird_nest');
    await export_('two', 'yolo');
    const names = await readFile(path.join(folder, 'two', 'data.yaml'), 'utf8');
    expect(names).toContain('4: "vegetation"\n  5: "bird_nest"\n');
    const concurrent = new AnnotationCategoryRepository(database());
    await Promise.all(['x', 'y', 'x'].map((name) => concurrent.number([{ name, kind: null }])));
    await concurrent.number([{ name: 'x', kind: 'defect' }, { name: 'joint', kind: 'defect' }]); // prettier-ignore
    const all = await concurrent.all();
    expect(all.map(({ categoryId }) => categoryId)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(all.filter(({ kind }) => kind !== null).map(({ name, kind }) => [name, kind])).toEqual([
      ['insulator', 'object'],
      ['joint', 'object'],
      ['broken_insulator', 'defect'],
      ['failing_joint', 'defect'],
      ['x', 'defect'],
    ]);
  });

  it('are refused a folder that holds something, and say which originals are gone', async () => {
    const { judged } = await fill();
    await mkdir(path.join(folder, 'full', 'inside'), { recursive: true });
    await expect(export_('full', 'coco')).rejects.toThrow('full is not empty');
    const { rows } = await database().query<{ sha256: string }>(
      'SELECT sha256 FROM image WHERE image_id = $1',
      [judged],
    );
    await rm(blobs.pathOf(rows[0]!.sha256));
    const report = await export_('set', 'coco', ALL, true);
    expect(report.missing).toEqual([expect.stringMatching(/^_a_b-[0-9a-f]{12}\.jpg$/)]);
    expect((await readdir(folder)).filter((name) => name.includes('partial'))).toEqual([]);
  });

  describe('that another tool drew', () => {
    const coco = (fileName: string, annotations: readonly unknown[], more: object = {}) =>
      JSON.stringify({
        images: [{ id: 1, file_name: fileName, width: 640, height: 480, ...more }],
        categories: [
          { id: 7, name: 'insulator' },
          { id: 9, name: 'bird nest', supercategory: 'defect' },
        ],
        annotations,
      });
    const box = (bbox: readonly unknown[], category_id = 7) => ({ image_id: 1, category_id, bbox });
    const put = async (name: string, text: string | Buffer) => {
      const file = path.join(folder, 'foreign', name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text);
    };

    it('become a person’s boxes of the photograph with their name, and confirm or correct the detector’s', async () => {
      const picture = await addPicture(await jpeg(1), 'DJI_0001.JPG');
      await addDetection(picture, [10, 10, 100, 50]);
      await addDetection(picture, [300, 300, 80, 80]);
      await put(
        'annotations.json',
        coco('/home/other/flight/DJI_0001.JPG', [
          box([10.01, 10, 100, 50]),
          box([310, 300, 80, 80]),
          box([500, 20, 30, 30], 9),
        ]),
      );
      const report = await take('foreign', 'coco');
      expect(report).toMatchObject({ pictures: 1, confirmed: 1, corrected: 1, added: 1, problems: [] });
      const { rows } = await database().query(
        'SELECT category, x_px, state, reviewed_by FROM annotation ORDER BY x_px',
      );
      expect(rows).toEqual([
        { category: 'insulator', x_px: 10, state: 'confirmed', reviewed_by: 'anna' },
        { category: 'insulator', x_px: 310, state: 'confirmed', reviewed_by: 'anna' },
        { category: 'bird nest', x_px: 500, state: 'confirmed', reviewed_by: 'anna' },
      ]);
      expect(await take('foreign', 'coco')).toMatchObject({ known: 3, added: 0, confirmed: 0, corrected: 0 });
      const known = await new AnnotationCategoryRepository(database()).all();
      expect(known.at(-1)).toEqual({ categoryId: 5, name: 'bird nest', kind: 'defect' });
    });

    it('cost the good ones nothing where they are bad: each is one error with its place', async () => {
      await addPicture(await jpeg(1), 'a.jpg');
      await put(
        'annotations.json',
        coco('a.jpg', [
          box([1, 1, 50, 50]),
          box([1, 1, 0, 5]),
          box([600, 1, 100, 5]),
          box([1, 'x', 5, 5]),
          { ...box([1, 1, 5, 5]), image_id: 4 },
          box([1, 1, 5, 5], 8),
          box([100, 100, 5, 5]),
        ]),
      );
      const { added, problems } = await take('foreign', 'coco');
      expect(added).toBe(2);
      expect(problems).toEqual([
        expect.stringContaining('annotations.json is not as expected at annotations.3.bbox.1'),
        expect.stringContaining('annotation 4 names image 4, which is not listed'),
        expect.stringContaining('annotation 5 names category 8, which is not listed'),
        expect.stringMatching(/annotation 1: the box .* of a\.jpg \(left.*has no area/),
        expect.stringMatching(/annotation 2: the box .* reaches 60 px beyond/),
      ]);
    });

    it('wait where their photograph is not known, not the only one of its name, or has another size', async () => {
      await put('annotations.json', coco('a.jpg', [box([1, 1, 50, 50])]));
      expect((await take('foreign', 'coco')).problems).toEqual([
        expect.stringContaining('a.jpg is not known; there is no such photograph'),
      ]);
      await addPicture(await jpeg(1), 'a.jpg');
      const other = await jpeg(2);
      await addPicture(other, 'a.jpg');
      expect((await take('foreign', 'coco')).problems).toEqual([
        expect.stringContaining('several photographs have this name'),
      ]);
      await put('images/a.jpg', other);
      expect(await take('foreign', 'coco', undefined, { takeIn: addPicture })).toMatchObject({
        added: 1,
        takenIn: 0,
      });
      await put('annotations.json', coco('a.jpg', [], { width: 480, height: 640 }));
      expect((await take('foreign', 'coco', undefined, { takeIn: addPicture })).problems).toEqual([
        expect.stringContaining('a.jpg is 480 x 640 pixels there and 640 x 480 here'),
      ]);
    });

    it('come with photographs that are taken in, of which one that is none is told', async () => {
      await put('data.yaml', 'names: [insulator]');
      await put('images/new.jpg', await jpeg(5));
      await put('labels/new.txt', '0 0.5 0.5 0.25 0.25\n0 nonsense\n0 0.5 0.5 0.25\n');
      const report = await take('foreign', 'yolo', undefined, { takeIn: addPicture });
      expect(report).toMatchObject({ takenIn: 1, added: 1 });
      expect(report.problems).toEqual([
        expect.stringMatching(/new\.txt: line 2 is not "class x y width height" in numbers: 0 nonsense/),
        expect.stringMatching(/new\.txt: line 3 is not/),
      ]);
      const { rows } = await database().query('SELECT x_px, y_px, width_px, height_px FROM annotation');
      expect(rows).toEqual([{ x_px: 240, y_px: 180, width_px: 160, height_px: 120 }]);
    });

    it('are found without their pictures by the names that labels have', async () => {
      await addPicture(await jpeg(1), 'DJI_0007.JPG');
      await put('data.yaml', 'names: [insulator]');
      await put('labels/DJI_0007.txt', '0 0.5 0.5 0.25 0.25\n');
      expect(await take('foreign', 'yolo')).toMatchObject({ added: 1, problems: [] });
      await put('Annotations/DJI_0007.xml', '<annotation><object><name>joint</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>30</xmax><ymax>40</ymax></bndbox></object></annotation>'); // prettier-ignore
      await put('Annotations/broken.xml', '<annotation>');
      await put('Annotations/bomb.xml', '<!DOCTYPE x [<!ENTITY a "b">]><annotation>&a;</annotation>');
      const report = await take('foreign', 'voc');
      expect(report).toMatchObject({ added: 1 });
      expect(report.problems).toEqual([
        expect.stringContaining('bomb.xml declares a document type'),
        expect.stringContaining('broken.xml is not XML'),
      ]);
    });

    it('may not name what lies outside their folder, nor a class that can not be written', async () => {
      await writeFile(path.join(folder, 'secret.jpg'), await jpeg(9));
      await put('annotations.json', coco('../secret.jpg', [box([1, 1, 5, 5])]));
      const report = await take('foreign', 'coco', undefined, { takeIn: addPicture });
      expect(report).toMatchObject({ takenIn: 0, added: 0 });
      await addPicture(await jpeg(1), 'a.jpg');
      const bad = coco('a.jpg', [box([1, 1, 5, 5])]).replace('"insulator"', '"in\\nsulator"');
      await put('annotations.json', bad);
      expect((await take('foreign', 'coco')).problems).toEqual([
        expect.stringMatching(/annotation 0: the class "in\\nsulator" has characters/),
      ]);
    });
  });
});

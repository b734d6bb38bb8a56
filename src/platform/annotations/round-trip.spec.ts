/** Whatever is exported comes back as it was, and is exported again byte by byte: for any boxes and any names. */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ANNOTATION_FORMS,
  type AnnotationForm,
  type ExportedPicture,
} from '../../core/annotation/annotation.ts';
import { exportName } from '../../core/annotation/export-name.ts';
import type { PixelBox } from '../../core/annotation/pixel-box.ts';
import { walkFiles } from '../blobs/walk-files.ts';
import { refuseAll } from './annotated-set.ts';
import { chooseFormWriter } from './choose-form-writer.ts';
import { readAnnotations } from './read-annotations.ts';

/** Classes are trimmed and visible wherever they come from. */
const category = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 24 })
  .map((text) => text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '').trim())
  .filter((text) => text !== '');

const side = fc.integer({ min: 1, max: 60_000 });

/** Anywhere inside, sub-pixel; touching edges; tiny; on whole pixels. */
const boxIn = (widthPx: number, heightPx: number): fc.Arbitrary<PixelBox> => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const size = fc.oneof(
    fc.double({ min: 1e-6, max: 1, noNaN: true }),
    fc.constantFrom(1, 0.5, 1 / 3, 1e-6, 1 / widthPx),
  );
  const inside = fc.tuple(size, size, share, share).map(([across, down, right, below]) => {
    const [width, height] = [across * widthPx, down * heightPx];
    return {
      xPx: right * (widthPx - width),
      yPx: below * (heightPx - height),
      widthPx: width,
      heightPx: height,
    };
  });
  const whole = inside.map((box) => ({
    xPx: Math.floor(box.xPx),
    yPx: Math.floor(box.yPx),
    widthPx: Math.max(1, Math.floor(box.widthPx)),
    heightPx: Math.max(1, Math.floor(box.heightPx)),
  }));
  return fc.oneof(inside, whole);
};

const authorship = fc.record({
  state: fc.constantFrom('proposed' as const, 'confirmed' as const),
  score: fc.option(
    fc.double({ min: 0, max: 1, noNaN: true, noDefaultInfinity: true }).map((score) => score + 0),
  ),
  modelVersion: fc.option(fc.string()),
  reviewedBy: fc.option(fc.string({ unit: 'grapheme' })),
  reviewedAt: fc.option(
    fc
      .date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
      .map((at) => at.toISOString()),
  ),
});

const picture: fc.Arbitrary<ExportedPicture> = fc.tuple(side, side).chain(([widthPx, heightPx]) =>
  fc.record({
    sha256: fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 }),
    fileName: fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('../../etc/passwd', 'a\nb.jpg', '🚁 flight.JPG', 'CON', '-rf', 'DJI_0042.JPG', '.'),
    ),
    mediaType: fc.constantFrom('image/jpeg', 'image/png', 'image/tiff', 'image/webp'),
    widthPx: fc.constant(widthPx),
    heightPx: fc.constant(heightPx),
    annotations: fc.array(
      fc
        .tuple(category, boxIn(widthPx, heightPx), authorship)
        .map(([name, box, said]) => ({ category: name, box, ...said })),
      { maxLength: 5 },
    ),
  }),
);
const pictures = fc.uniqueArray(picture, { selector: ({ sha256 }) => sha256, minLength: 1, maxLength: 4 });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'round-trip-'));
});
afterAll(() => rm(folder, { recursive: true }));

let sets = 0;
async function write(form: AnnotationForm, exported: readonly ExportedPicture[]): Promise<string> {
  const target = join(folder, String(sets++));
  await mkdir(target);
  const names = [
    ...new Set(exported.flatMap(({ annotations }) => annotations.map((a) => a.category))),
  ].sort();
  const writer = chooseFormWriter(form, target, (name) => names.indexOf(name) + 1);
  await writer.begin();
  for (const each of exported) await writer.add(exportName(each), each);
  await writer.finish(names.map((name, index) => ({ categoryId: index + 1, name, kind: null })));
  return target;
}

async function read(
  form: AnnotationForm,
  target: string,
  exported: readonly ExportedPicture[],
): Promise<ExportedPicture[]> {
  const byName = new Map(exported.map((each) => [exportName(each), each]));
  const set = await readAnnotations(form, target, refuseAll);
  const back = set.pictures.map((picture) => {
    const { name, original } = picture;
    const { widthPx, heightPx, mediaType } = byName.get(name)!;
    const annotations = picture
      .boxes({ widthPx, heightPx })
      .map(({ category: of, box, authorship: said }) => {
        return { category: of, box, ...said! };
      });
    const { sha256, fileName } = original!;
    return { sha256, fileName, mediaType, widthPx, heightPx, annotations };
  });
  const order = [...byName.keys()];
  return back.sort((a, b) => order.indexOf(exportName(a)) - order.indexOf(exportName(b)));
}

async function bytesOf(target: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const { path, relative } of walkFiles(target)) files[relative] = await readFile(path, 'utf8');
  return files;
}

// Hundreds of sets are written and read: on a slow disk that takes its time.
describe.each(ANNOTATION_FORMS)('a set in %s form', { timeout: 180_000 }, (form) => {
  it('comes back as it was, and is written again byte by byte', async () => {
    await fc.assert(
      fc.asyncProperty(pictures, async (exported) => {
        const first = await write(form, exported);
        const back = await read(form, first, exported);
        expect(back).toEqual(exported);
        expect(await bytesOf(await write(form, back))).toEqual(await bytesOf(first));
      }),
      { seed: 7, numRuns: 80 },
    );
  });

  it('gives pixels back without what we keep beside it, within the rounding of its arithmetic', async () => {
    await fc.assert(
      fc.asyncProperty(pictures, async (exported) => {
        const target = await write(form, exported);
        await rm(join(target, 'spanwatch.ndjson'), { force: true });
        const set = await readAnnotations(form, target, refuseAll);
        for (const each of exported) {
          const name = form === 'coco' ? exportName(each) : exportName(each).replace(/\.[a-z]+$/, '');
          const found = set.pictures.find((one) => one.name.startsWith(name))!;
          const boxes = found.boxes(each);
          expect(boxes.map((box) => box.category)).toEqual(each.annotations.map((a) => a.category));
          const bound = 4 * Number.EPSILON * Math.max(each.widthPx, each.heightPx);
          boxes.forEach(({ box }, index) => {
            const was = each.annotations[index]!.box;
            for (const key of ['xPx', 'yPx', 'widthPx', 'heightPx'] as const) {
              expect(Math.abs(box[key] - was[key])).toBeLessThanOrEqual(form === 'coco' ? 0 : bound);
            }
          });
        }
      }),
      { seed: 11, numRuns: 80 },
    );
  });
});

describe('the name of an exported picture', () => {
  it('is safe on any file system, and another for other bytes', () => {
    fc.assert(
      fc.property(picture, picture, (one, other) => {
        expect(exportName(one)).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,79}-[0-9a-f]{12}\.(jpg|png|tif|webp)$/);
        const twin = { ...other, fileName: one.fileName, mediaType: one.mediaType };
        expect(exportName(one) === exportName(twin)).toBe(
          one.sha256.slice(0, 12) === other.sha256.slice(0, 12),
        );
      }),
      { seed: 3 },
    );
  });
});

/** Reads labelled pictures from a folder in COCO form: `annotations.json`, and the pictures in `images/`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DEFECT_CATEGORIES, OBJECT_CATEGORIES } from '../../catalogue/models/defect-detector/defaults.ts';
import type { Corners } from '../../catalogue/models/defect-detector/preprocess.ts';
import type { TrueObject } from '../../catalogue/models/defect-detector/training-example.ts';
import { BadInput } from '../../core/domain/failure.ts';
import { decodeImage } from '../../platform/blobs/decode-image.ts';
import type { LabelledPicture } from './detector-pictures.ts';

const annotationsSchema = z.object({
  images: z.array(z.object({ id: z.number(), file_name: z.string() })),
  categories: z.array(z.object({ id: z.number(), name: z.string() })),
  annotations: z.array(
    z.object({
      image_id: z.number(),
      category_id: z.number(),
      bbox: z.tuple([z.number(), z.number(), z.number().positive(), z.number().positive()]),
    }),
  ),
});
type Annotations = z.infer<typeof annotationsSchema>;

const splitSchema = z.object({ train: z.array(z.string()), validation: z.array(z.string()) });
export type DatasetSplit = z.infer<typeof splitSchema>;

const KNOWN: readonly string[] = [...OBJECT_CATEGORIES, ...DEFECT_CATEGORIES];

export function readSplit(file: string): Promise<DatasetSplit> {
  return readJson(file, splitSchema);
}

/** @param names `file_name` of the wanted pictures, in this order */
export async function readCocoPictures(folder: string, names: readonly string[]): Promise<LabelledPicture[]> {
  const file = join(folder, 'annotations.json');
  const annotations = await readJson(file, annotationsSchema);
  const unknown = annotations.categories.find(({ name }) => !KNOWN.includes(name));
  if (unknown !== undefined) {
    throw new BadInput(
      'dataset-category',
      `${file} has the category ${unknown.name}; known are ${KNOWN.join(', ')}.`,
    );
  }
  const byName = new Map(annotations.images.map((image) => [image.file_name, image.id]));
  return names.map((name) => {
    const plain = name.replace(/^images\//, '');
    const id = byName.get(name) ?? byName.get(plain);
    if (id === undefined)
      throw new BadInput('dataset-picture', `${file} does not describe the picture ${name}.`);
    const objects = objectsOf(annotations, id);
    return {
      name,
      read: async () => ({ pixels: await readPicture(join(folder, 'images', plain)), objects }),
    };
  });
}

/** A defect belongs to the object that holds its centre; where none is marked, the defect's box is the object. */
function objectsOf({ annotations, categories }: Annotations, imageId: number): TrueObject[] {
  const names = new Map(categories.map(({ id, name }) => [id, name]));
  const marks = annotations
    .filter(({ image_id }) => image_id === imageId)
    .map(({ category_id, bbox: [x, y, width, height] }) => ({
      name: names.get(category_id),
      box: [x, y, x + width, y + height] as Corners,
    }));
  return OBJECT_CATEGORIES.flatMap((category, index) => {
    const defects = marks.filter(({ name }) => name === DEFECT_CATEGORIES[index]);
    const objects = marks.filter(({ name }) => name === category);
    const orphans = defects.filter((defect) => !objects.some(({ box }) => holdsCentre(box, defect.box)));
    return [
      ...objects.map(({ box }) => ({
        category,
        defective: defects.some((defect) => holdsCentre(box, defect.box)),
        box,
      })),
      ...orphans.map(({ box }) => ({ category, defective: true, box })),
    ];
  });
}

function holdsCentre([left, top, right, bottom]: Corners, other: Corners): boolean {
  const [x, y] = [(other[0] + other[2]) / 2, (other[1] + other[3]) / 2];
  return left <= x && x <= right && top <= y && y <= bottom;
}

async function readPicture(file: string): Promise<Awaited<ReturnType<typeof decodeImage>>> {
  return decodeImage(await readBytes(file));
}

async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  const text = (await readBytes(file)).toString('utf8');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new BadInput('dataset-json', `${file} is not JSON.`, {}, { cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new BadInput(
    'dataset-json',
    `${file} is not as expected at ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? 'unreadable'}.`,
  );
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new BadInput('dataset-missing', `${file} cannot be read.`, { file }, { cause });
  }
}

/** Data sets in COCO form: one JSON with images, categories and annotations. */
import { readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Corners } from '../../../core/geometry/box.ts';
import { KNOWN_CLASSES, type ObjectClass } from '../../../catalogue/models/defect-detector/defaults.ts';
import { BadInput } from '../../../core/domain/failure.ts';
import type { AnnotatedSet } from './annotated-picture.ts';
import { readJson } from './read-text.ts';

const schema = z.object({
  images: z.array(z.object({ id: z.number(), file_name: z.string().min(1) })),
  categories: z.array(
    z.object({ id: z.number(), name: z.string().min(1), supercategory: z.string().optional() }),
  ),
  annotations: z.array(
    z.object({
      image_id: z.number(),
      category_id: z.number(),
      bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]),
    }),
  ),
});

/** `annotations.json`, or the one JSON in `annotations/`; undefined where neither is there. */
export async function findCocoFile(folder: string): Promise<string | undefined> {
  const file = join(folder, 'annotations.json');
  if (existsSync(file)) return file;
  const entries = await readdir(join(folder, 'annotations')).catch(() => []);
  const json = entries.filter((entry) => entry.endsWith('.json'));
  return json.length === 1 ? join(folder, 'annotations', json[0]!) : undefined;
}

export async function readCoco(folder: string, file: string): Promise<AnnotatedSet> {
  const { images, categories, annotations } = await readJson(file, schema);
  const names = new Map(categories.map(({ id, name }) => [id, name]));
  const boxes = new Map(images.map(({ id }) => [id, [] as { category: string; box: Corners }[]]));
  annotations.forEach(({ image_id, category_id, bbox: [x, y, width, height] }, index) => {
    const category = names.get(category_id);
    const own = boxes.get(image_id);
    if (category === undefined || own === undefined) {
      const what = own === undefined ? `image ${image_id}` : `category ${category_id}`;
      throw new BadInput(
        'dataset-annotation',
        `${file}: annotation ${index} names ${what}, which is not listed.`,
      );
    }
    own.push({ category, box: [x, y, x + width, y + height] });
  });
  return {
    form: 'coco',
    declared: categories.flatMap(declare),
    pictures: images.map(({ id, file_name }) => {
      const plain = file_name.replace(/^images\//, '');
      const inside = join(folder, 'images', plain);
      const own = boxes.get(id) ?? [];
      return {
        name: plain,
        file: existsSync(inside) ? inside : join(folder, plain),
        labels: file,
        boxes: () => own,
      };
    }),
  };
}

function declare({
  name,
  supercategory,
}: {
  name: string;
  supercategory?: string | undefined;
}): ObjectClass[] {
  if (KNOWN_CLASSES.some((known) => known.name === name)) return [];
  return supercategory === 'object' || supercategory === 'defect' ? [{ name, kind: supercategory }] : [];
}

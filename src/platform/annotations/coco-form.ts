/** Annotations in COCO form: one JSON with images, categories and annotations. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Authorship } from '../../core/annotation/annotation.ts';
import { BadInput } from '../../core/domain/failure.ts';
import { refuseAll, type AnnotatedBox, type AnnotatedSet, type ProblemListener } from './annotated-set.ts';
import { pictureFile } from './picture-file.ts';
import { readJson, requireShape, telling } from './read-annotation-text.ts';
import { authorship, sha256 } from './side-file.ts';

const image = z.object({
  id: z.number(),
  file_name: z.string().min(1),
  width: z.number().optional(),
  height: z.number().optional(),
  sha256: sha256.optional(),
  original_name: z.string().optional(),
});
const category = z.object({
  id: z.number(),
  name: z.string().min(1),
  supercategory: z.string().optional(),
});
const annotation = z.object({
  image_id: z.number(),
  category_id: z.number(),
  bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  state: z.unknown().optional(),
  score: z.number().optional(),
  model_version: z.unknown().optional(),
  reviewed_by: z.unknown().optional(),
  reviewed_at: z.unknown().optional(),
});
const schema = z.object({
  images: z.array(z.unknown()),
  categories: z.array(category),
  annotations: z.array(z.unknown()),
});

/** `annotations.json`, or the one JSON in `annotations/`; undefined where neither is there. */
export async function findCocoFile(folder: string): Promise<string | undefined> {
  const file = join(folder, 'annotations.json');
  if (existsSync(file)) return file;
  const entries = await readdir(join(folder, 'annotations')).catch(() => []);
  const json = entries.filter((entry) => entry.endsWith('.json'));
  return json.length === 1 ? join(folder, 'annotations', json[0]!) : undefined;
}

export async function readCoco(
  folder: string,
  file: string,
  onProblem: ProblemListener = refuseAll,
): Promise<AnnotatedSet> {
  const coco = await readJson(file, schema);
  const images = coco.images.flatMap((value, index) => {
    const read = telling(onProblem, () => requireShape(file, `images.${index}`, value, image));
    return read ? [read] : [];
  });
  const boxes = new Map(images.map(({ id }) => [id, new Array<AnnotatedBox>()]));
  if (boxes.size < images.length) {
    throw new BadInput('dataset-annotation', `${file}: two images have the same id.`);
  }
  const names = new Map(coco.categories.map(({ id, name }) => [id, name]));
  coco.annotations.forEach((value, index) => {
    telling(onProblem, () => {
      const { image_id, category_id, bbox, ...said } = requireShape(
        file,
        `annotations.${index}`,
        value,
        annotation,
      );
      const [name, own] = [names.get(category_id), boxes.get(image_id)];
      if (name === undefined || own === undefined) {
        const what = own === undefined ? `image ${image_id}` : `category ${category_id}`;
        throw new BadInput(
          'dataset-annotation',
          `${file}: annotation ${index} names ${what}, which is not listed.`,
        );
      }
      const [xPx, yPx, widthPx, heightPx] = bbox;
      const box = { xPx, yPx, widthPx, heightPx };
      own.push({ category: name, box, at: `annotation ${index}`, authorship: authorOf(said) });
    });
  });
  return {
    form: 'coco',
    declared: coco.categories.map(({ name, supercategory }) => {
      return { name, supercategory: supercategory ?? null };
    }),
    pictures: images.map(({ id, file_name, width, height, sha256: hash, original_name }) => {
      const name = file_name.replace(/^images\//, '');
      const own = boxes.get(id)!;
      return {
        name,
        file: pictureFile([join(folder, 'images'), folder], name),
        labels: file,
        original: hash ? { sha256: hash, fileName: original_name ?? name } : null,
        size: width && height ? { widthPx: width, heightPx: height } : null,
        boxes: () => own,
      };
    }),
  };
}

/** Other tools' annotations have no state, and may call other things by the other names. */
function authorOf(said: Partial<z.infer<typeof annotation>>): Authorship | null {
  const parsed = authorship.safeParse({
    state: said.state,
    score: said.score ?? null,
    modelVersion: said.model_version,
    reviewedBy: said.reviewed_by,
    reviewedAt: said.reviewed_at,
  });
  return parsed.success ? parsed.data : null;
}

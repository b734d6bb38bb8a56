/** Data sets in Pascal VOC form: an XML a picture in `Annotations/`, the pictures in `JPEGImages/`. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Corners } from '../../../core/geometry/box.ts';
import { BadInput } from '../../../core/domain/failure.ts';
import type { AnnotatedSet } from './annotated-picture.ts';
import { readXml } from './read-text.ts';

const schema = z.object({
  annotation: z.object({
    filename: z.union([z.string(), z.number()]).optional(),
    object: z
      .array(
        z.object({
          name: z.coerce.string(),
          bndbox: z.object({ xmin: z.number(), ymin: z.number(), xmax: z.number(), ymax: z.number() }),
        }),
      )
      .default([]),
  }),
});

const SUFFIXES = ['.jpg', '.jpeg', '.png', '.JPG'];

export interface VocLabels {
  readonly filename: string | undefined;
  readonly boxes: readonly { readonly category: string; readonly box: Corners }[];
}

export async function readVocLabels(file: string): Promise<VocLabels> {
  const { annotation } = await readXml(file, schema);
  return {
    filename: annotation.filename === undefined ? undefined : String(annotation.filename),
    boxes: annotation.object.map(({ name, bndbox: { xmin, ymin, xmax, ymax } }) => ({
      category: name,
      box: [xmin, ymin, xmax, ymax],
    })),
  };
}

export async function readVoc(folder: string): Promise<AnnotatedSet> {
  const labels = (await readdir(join(folder, 'Annotations'))).filter((name) => name.endsWith('.xml')).sort();
  const pictures = [];
  for (const label of labels) {
    const file = join(folder, 'Annotations', label);
    const { filename, boxes } = await readVocLabels(file);
    const stem = label.slice(0, -'.xml'.length);
    const candidates = [
      ...(filename ? [basename(filename)] : []),
      ...SUFFIXES.map((suffix) => stem + suffix),
    ];
    const name = candidates.find((candidate) => existsSync(join(folder, 'JPEGImages', candidate)));
    if (name === undefined) {
      throw new BadInput(
        'dataset-picture',
        `${file} describes a picture that is not in JPEGImages: looked for ${candidates.join(', ')}.`,
      );
    }
    pictures.push({ name, file: join(folder, 'JPEGImages', name), labels: file, boxes: () => boxes });
  }
  return { form: 'voc', declared: [], pictures };
}

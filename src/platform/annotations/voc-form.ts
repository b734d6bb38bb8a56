/** Annotations in Pascal VOC form: an XML a picture in `Annotations/`, the pictures in `JPEGImages/`. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { boxOfCorners, type PictureSize } from '../../core/annotation/pixel-box.ts';
import { BadInput } from '../../core/domain/failure.ts';
import {
  refuseAll,
  type AnnotatedBox,
  type AnnotatedPicture,
  type AnnotatedSet,
  type ProblemListener,
} from './annotated-set.ts';
import { readXml, requireShape, telling } from './read-annotation-text.ts';

const pixels = z
  .string()
  .refine((text) => text.trim() !== '' && Number.isFinite(Number(text)), 'must be a number of pixels')
  .transform(Number);
const object = z.object({
  name: z.string().min(1),
  bndbox: z.object({ xmin: pixels, ymin: pixels, xmax: pixels, ymax: pixels }),
});
const schema = z.object({
  // An empty one is read as text.
  annotation: z.union([
    z.object({
      filename: z.string().optional(),
      size: z.object({ width: pixels, height: pixels }).optional().catch(undefined),
      object: z.array(z.unknown()).default([]),
    }),
    z.literal('').transform(() => ({ filename: undefined, size: undefined, object: new Array<unknown>() })),
  ]),
});

const SUFFIXES = ['.jpg', '.jpeg', '.png', '.JPG', '.tif', '.tiff', '.webp'];

export interface VocLabels {
  readonly filename: string | undefined;
  readonly size: PictureSize | null;
  readonly boxes: readonly AnnotatedBox[];
}

export async function readVocLabels(
  file: string,
  onProblem: ProblemListener = refuseAll,
): Promise<VocLabels> {
  const { annotation } = await readXml(file, schema);
  return {
    filename: annotation.filename,
    size: sizeOf(annotation.size),
    boxes: annotation.object.flatMap((value, index): AnnotatedBox[] => {
      const read = telling(onProblem, () => requireShape(file, `annotation.object.${index}`, value, object));
      if (!read) return [];
      const { xmin, ymin, xmax, ymax } = read.bndbox;
      const box = boxOfCorners([xmin, ymin, xmax, ymax]);
      return [{ category: read.name, box, at: `object ${index + 1}`, authorship: null }];
    }),
  };
}

/** Tools that don't know it write 0. */
function sizeOf(size: { readonly width: number; readonly height: number } | undefined): PictureSize | null {
  return size && size.width > 0 && size.height > 0 ? { widthPx: size.width, heightPx: size.height } : null;
}

export interface FormOptions {
  readonly onProblem?: ProblemListener;
  /** Labels of pictures that are not in the folder are read, too. */
  readonly picturesElsewhere?: boolean;
}

export async function readVoc(
  folder: string,
  { onProblem = refuseAll, picturesElsewhere = false }: FormOptions = {},
): Promise<AnnotatedSet> {
  const labels = (await readdir(join(folder, 'Annotations'))).filter((name) => name.endsWith('.xml')).sort();
  const pictures: AnnotatedPicture[] = [];
  for (const label of labels) {
    const file = join(folder, 'Annotations', label);
    const read = await readVocLabels(file, onProblem).catch((error: unknown) => {
      if (!(error instanceof BadInput)) throw error;
      onProblem(error);
      return null;
    });
    if (!read) continue;
    const named = read.filename ? [basename(read.filename.replaceAll('\\', '/'))] : [];
    const stem = label.slice(0, -'.xml'.length);
    const candidates = [...named, ...SUFFIXES.map((suffix) => stem + suffix)];
    const name =
      candidates.find((candidate) => existsSync(join(folder, 'JPEGImages', candidate))) ??
      (picturesElsewhere ? (named[0] ?? stem) : undefined);
    if (name === undefined) {
      const looked = `looked for ${candidates.join(', ')}`;
      onProblem(
        new BadInput('dataset-picture', `${file} describes a picture that is not in JPEGImages: ${looked}.`),
      );
      continue;
    }
    const { boxes, size } = read;
    pictures.push({
      name,
      file: join(folder, 'JPEGImages', name),
      labels: file,
      original: null,
      size,
      boxes: () => boxes,
    });
  }
  return { form: 'voc', declared: [], pictures };
}

/** Data sets in YOLO form: a text a picture in `labels/`, class numbers named in `data.yaml` or `classes.txt`. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Corners } from '../../../core/geometry/box.ts';
import { BadInput } from '../../../core/domain/failure.ts';
import type { AnnotatedPicture, AnnotatedSet } from './annotated-picture.ts';
import { readText } from './read-text.ts';

const SUFFIXES = ['.jpg', '.jpeg', '.png', '.webp'];
const namesSchema = z.object({ names: z.union([z.array(z.string()), z.record(z.string(), z.string())]) });

export function isYolo(folder: string): boolean {
  return existsSync(join(folder, 'images')) && existsSync(join(folder, 'labels'));
}

/** A picture without a label file, or with an empty one, shows nothing: that is how the form says so. */
export async function readYolo(folder: string): Promise<AnnotatedSet> {
  const classes = await readClassNames(folder);
  const entries = await readdir(join(folder, 'images'), { recursive: true });
  const pictures: AnnotatedPicture[] = [];
  for (const entry of entries.filter((name) => SUFFIXES.includes(extname(name).toLowerCase())).sort()) {
    const labels = join(folder, 'labels', entry.slice(0, -extname(entry).length) + '.txt');
    const text = existsSync(labels) ? await readFile(labels, 'utf8') : '';
    const rows = text.split(/\r?\n/).filter((line) => line.trim() !== '');
    const parsed = rows.map((line, index) => parseRow(line, `${labels}: line ${index + 1}`, classes));
    pictures.push({
      name: entry.replaceAll('\\', '/'),
      file: join(folder, 'images', entry),
      labels,
      boxes: (width, height) =>
        parsed.map(({ category, centre: [x, y], size: [w, h] }) => ({
          category,
          box: scaled([x - w / 2, y - h / 2, x + w / 2, y + h / 2], width, height),
        })),
    });
  }
  return { form: 'yolo', declared: [], pictures };
}

function scaled([left, top, right, bottom]: Corners, width: number, height: number): Corners {
  return [left * width, top * height, right * width, bottom * height];
}

interface Row {
  readonly category: string;
  /** Shares of the picture's width and height. */
  readonly centre: readonly [number, number];
  readonly size: readonly [number, number];
}

function parseRow(line: string, where: string, classes: ReadonlyMap<number, string>): Row {
  const numbers = line.trim().split(/\s+/).map(Number);
  const [index, x, y, w, h] = numbers;
  if (numbers.length !== 5 || !numbers.every(Number.isFinite)) {
    throw new BadInput('dataset-label', `${where} is not "class x y width height" in numbers: ${line}`);
  }
  const category = classes.get(index!);
  if (category === undefined) {
    throw new BadInput(
      'dataset-class',
      `${where} has class ${index}, which data.yaml or classes.txt does not name.`,
    );
  }
  return { category, centre: [x!, y!], size: [w!, h!] };
}

async function readClassNames(folder: string): Promise<ReadonlyMap<number, string>> {
  const yaml = ['data.yaml', 'data.yml'].map((name) => join(folder, name)).find((file) => existsSync(file));
  if (yaml === undefined) {
    const lines = (await readText(join(folder, 'classes.txt'))).split(/\r?\n/).map((line) => line.trim());
    return new Map(lines.filter((line) => line !== '').map((name, index) => [index, name]));
  }
  let value: unknown;
  try {
    value = parse(await readText(yaml));
  } catch (cause) {
    if (cause instanceof BadInput) throw cause;
    throw new BadInput('dataset-yaml', `${yaml} is not YAML.`, {}, { cause });
  }
  const parsed = namesSchema.safeParse(value);
  if (!parsed.success) throw new BadInput('dataset-yaml', `${yaml} has no "names": a list, or a map from number to name.`); // prettier-ignore
  return new Map(Object.entries(parsed.data.names).map(([index, name]) => [Number(index), name]));
}

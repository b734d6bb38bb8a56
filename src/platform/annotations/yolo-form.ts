/** Annotations in YOLO form: a text a picture in `labels/`, class numbers named in `data.yaml` or `classes.txt`. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { nameStem } from '../../core/annotation/export-name.ts';
import { fromYoloRow, readYoloRow, type YoloRow } from '../../core/annotation/yolo-row.ts';
import { BadInput } from '../../core/domain/failure.ts';
import {
  refuseAll,
  type AnnotatedPicture,
  type AnnotatedSet,
  type ProblemListener,
} from './annotated-set.ts';
import { readText, telling } from './read-annotation-text.ts';
import type { FormOptions } from './voc-form.ts';

const SUFFIXES = ['.jpg', '.jpeg', '.png', '.webp', '.tif', '.tiff'];
const namesSchema = z.object({ names: z.union([z.array(z.string()), z.record(z.string(), z.string())]) });

export function isYolo(folder: string): boolean {
  return existsSync(join(folder, 'images')) && existsSync(join(folder, 'labels'));
}

/** A picture without a label file, or with an empty one, shows nothing: that is how the form says so. */
export async function readYolo(
  folder: string,
  { onProblem = refuseAll, picturesElsewhere = false }: FormOptions = {},
): Promise<AnnotatedSet> {
  const classes = await readClassNames(folder);
  const names = await listFiles(join(folder, 'images'), SUFFIXES);
  if (picturesElsewhere) {
    const there = new Set(names.map(nameStem));
    const labelled = (await listFiles(join(folder, 'labels'), ['.txt'])).map(nameStem);
    names.push(...labelled.filter((stem) => !there.has(stem)));
  }
  const pictures: AnnotatedPicture[] = [];
  for (const name of names) {
    const labels = join(folder, 'labels', `${nameStem(name)}.txt`);
    const rows = existsSync(labels) ? await readRows(labels, classes, onProblem) : [];
    pictures.push({
      name,
      file: join(folder, 'images', name),
      labels,
      original: null,
      size: null,
      boxes: (picture) =>
        rows.map(({ category, row, at }) => {
          return { category, box: fromYoloRow(row, picture), at, authorship: null };
        }),
    });
  }
  return { form: 'yolo', declared: [], pictures };
}

async function listFiles(folder: string, suffixes: readonly string[]): Promise<string[]> {
  const entries = existsSync(folder) ? await readdir(folder, { recursive: true }) : [];
  return entries
    .filter((name) => suffixes.includes(extname(name).toLowerCase()))
    .map((name) => name.replaceAll('\\', '/'))
    .sort();
}

interface NamedRow {
  readonly category: string;
  readonly row: YoloRow;
  readonly at: string;
}

async function readRows(
  file: string,
  classes: ReadonlyMap<number, string>,
  onProblem: ProblemListener,
): Promise<NamedRow[]> {
  const text = await readFile(file, 'utf8');
  return text.split(/\r?\n/).flatMap((line, index): NamedRow[] => {
    if (line.trim() === '') return [];
    const at = `line ${index + 1}`;
    const read = telling(onProblem, () => readRow(line, `${file}: ${at}`, classes));
    return read ? [{ ...read, at }] : [];
  });
}

function readRow(line: string, where: string, classes: ReadonlyMap<number, string>): Omit<NamedRow, 'at'> {
  const row = readYoloRow(line);
  if (!row)
    throw new BadInput('dataset-label', `${where} is not "class x y width height" in numbers: ${line}`);
  const category = classes.get(row.classIndex);
  if (category === undefined) {
    throw new BadInput(
      'dataset-class',
      `${where} has class ${row.classIndex}, which data.yaml or classes.txt does not name.`,
    );
  }
  return { category, row };
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

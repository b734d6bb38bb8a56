/** The public insulator set CPLID: sound insulators in one folder, defective ones with two labels each in another. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BadInput } from '../../../core/domain/failure.ts';
import type { AnnotatedPicture, AnnotatedSet } from '../../../platform/annotations/annotated-set.ts';
import { readVocLabels } from '../../../platform/annotations/voc-form.ts';

const DEFECTIVE = 'Defective_Insulators';
const NORMAL = 'Normal_Insulators';
/** What the set calls a missing cap. */
const CLASS_NAMES: Readonly<Record<string, string>> = { defect: 'broken_insulator' };

export function isCplid(folder: string): boolean {
  return existsSync(join(folder, DEFECTIVE, 'images')) && existsSync(join(folder, NORMAL, 'images'));
}

/** @param only labels of other pictures are not opened: some belong to a test that nobody may look at */
export async function readCplid(folder: string, only?: ReadonlySet<string>): Promise<AnnotatedSet<'cplid'>> {
  const pictures: AnnotatedPicture[] = [];
  for (const [part, labels] of [
    [DEFECTIVE, ['labels/insulator', 'labels/defect']],
    [NORMAL, ['labels']],
  ] as const) {
    for (const entry of (await readdir(join(folder, part, 'images'))).sort()) {
      const name = `${part}/images/${entry}`;
      if (!entry.endsWith('.jpg') || (only && !only.has(name))) continue;
      pictures.push(await readPicture(folder, part, labels, entry));
    }
  }
  return { form: 'cplid', declared: [], pictures };
}

/** The labels' own file names are unreliable: a label belongs to the picture of the same number. */
async function readPicture(
  folder: string,
  part: string,
  labels: readonly string[],
  entry: string,
): Promise<AnnotatedPicture> {
  const files = labels.map((label) => join(folder, part, label, entry.replace(/\.jpg$/, '.xml')));
  const missing = files.find((file) => !existsSync(file));
  if (missing !== undefined) throw new BadInput('dataset-missing', `${missing} is missing.`);
  const boxes = (await Promise.all(files.map((file) => readVocLabels(file)))).flatMap((read) =>
    read.boxes.map((box) => ({ ...box, category: CLASS_NAMES[box.category] ?? box.category })),
  );
  return {
    name: `${part}/images/${entry}`,
    file: join(folder, part, 'images', entry),
    labels: files.join(' and '),
    original: null,
    size: null,
    boxes: () => boxes,
  };
}

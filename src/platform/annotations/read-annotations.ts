/** Reads an annotated set with all that is known of it, in whichever form it is: what came from us comes back as it was. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AnnotationForm, Authorship, PictureIdentity } from '../../core/annotation/annotation.ts';
import { fitBox, type PictureSize, type PixelBox } from '../../core/annotation/pixel-box.ts';
import { restoreBoxes } from '../../core/annotation/restore-boxes.ts';
import type { SideRecord } from '../../core/annotation/side-record.ts';
import { nameStem } from '../../core/annotation/export-name.ts';
import { BadInput } from '../../core/domain/failure.ts';
import type { AnnotatedPicture, AnnotatedSet, ProblemListener } from './annotated-set.ts';
import { findCocoFile, readCoco } from './coco-form.ts';
import { readSideFile } from './side-file.ts';
import { readVoc } from './voc-form.ts';
import { isYolo, readYolo } from './yolo-form.ts';

export interface ReadBox {
  readonly category: string;
  readonly box: PixelBox;
  /** Null where the set does not say, as others' sets don't. */
  readonly authorship: Authorship | null;
  /** The labels' file and where in it, for messages. */
  readonly at: string;
}

export interface ReadPicture {
  /** In the set. */
  readonly name: string;
  /** Where the picture lies, if it is there. */
  readonly file: string;
  readonly labels: string;
  /** Of the original, where the set came from us. */
  readonly original: Pick<PictureIdentity, 'sha256' | 'fileName'> | null;
  readonly size: PictureSize | null;
  /** @param picture upright; a box that does not fit is told and left out */
  boxes(picture: PictureSize): readonly ReadBox[];
}

export interface ReadSet {
  readonly pictures: readonly ReadPicture[];
  readonly declared: AnnotatedSet['declared'];
}

/**
 * @param folder of the set @param cocoFile where COCO's JSON has another name or place
 * @throws BadInput when there is no set of this form at all
 */
export async function readAnnotations(
  form: AnnotationForm,
  folder: string,
  onProblem: ProblemListener,
  cocoFile?: string,
): Promise<ReadSet> {
  const set = await readForm(form, folder, onProblem, cocoFile);
  const records = form === 'coco' ? new Map<string, SideRecord>() : await readSideFile(folder, onProblem);
  // A set without its pictures names them by their labels.
  const byStem = new Map([...records.values()].map((record) => [nameStem(record.file), record]));
  return {
    declared: set.declared,
    pictures: set.pictures.map((picture) => {
      const record = records.get(picture.name) ?? byStem.get(picture.name) ?? null;
      return {
        name: record?.file ?? picture.name,
        file: picture.file,
        labels: picture.labels,
        original: picture.original ?? record?.picture ?? null,
        size: picture.size ?? record?.picture ?? null,
        boxes: (size) => boxesOf(form, picture, record, size, onProblem),
      };
    }),
  };
}

async function readForm(
  form: AnnotationForm,
  folder: string,
  onProblem: ProblemListener,
  cocoFile?: string,
): Promise<AnnotatedSet> {
  const options = { onProblem, picturesElsewhere: true };
  const missing = (looked: string) =>
    new BadInput('dataset-form', `${folder} holds no set in this form: looked for ${looked}.`);
  switch (form) {
    case 'coco': {
      const file = cocoFile ?? (await findCocoFile(folder));
      if (file === undefined) throw missing('annotations.json, and for the one JSON in annotations');
      return readCoco(folder, file, onProblem);
    }
    case 'voc':
      if (!existsSync(join(folder, 'Annotations'))) throw missing('a folder Annotations');
      return readVoc(folder, options);
    case 'yolo':
      if (!isYolo(folder) && !existsSync(join(folder, 'labels'))) throw missing('a folder labels');
      return readYolo(folder, options);
  }
}

function boxesOf(
  form: AnnotationForm,
  picture: AnnotatedPicture,
  record: SideRecord | null,
  size: PictureSize,
  onProblem: ProblemListener,
): ReadBox[] {
  const boxes = picture.boxes(size);
  const restored = restoreBoxes(form, boxes, record?.annotations ?? [], size);
  return boxes.flatMap(({ category, box, authorship, at }, index): ReadBox[] => {
    const where = `${picture.labels}: ${at}`;
    const own = restored[index];
    if (own) {
      const { box: exact, category: _, ...said } = own;
      return [{ category, box: exact, authorship: said, at: where }];
    }
    const fitted = fitBox(box, size, picture.name);
    if ('box' in fitted) return [{ category, box: fitted.box, authorship, at: where }];
    onProblem(new BadInput('dataset-box', `${where}: ${fitted.problem}.`));
    return [];
  });
}

/** Reads labelled pictures from a folder in COCO, Pascal VOC, YOLO or CPLID form, and checks them before any work begins. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KNOWN_CLASSES, type ObjectClass } from '../../../catalogue/models/defect-detector/defaults.ts';
import { cornersOfBox, fitBox } from '../../../core/annotation/pixel-box.ts';
import { BadInput, Failure } from '../../../core/domain/failure.ts';
import type { AnnotatedPicture, AnnotatedSet } from '../../../platform/annotations/annotated-set.ts';
import { findCocoFile, readCoco } from '../../../platform/annotations/coco-form.ts';
import { readVoc } from '../../../platform/annotations/voc-form.ts';
import { isYolo, readYolo } from '../../../platform/annotations/yolo-form.ts';
import { decodeImage, imageSize } from '../../../platform/blobs/decode-image.ts';
import type { LabelledPicture } from '../detector-data.ts';
import { isCplid, readCplid } from './cplid-form.ts';

type AnyForm = AnnotatedSet<'cplid'> | AnnotatedSet;

export interface Dataset {
  readonly form: AnyForm['form'];
  /** Those that a box shows: known ones first, then the others by name. */
  readonly classes: readonly ObjectClass[];
  /** By name. */
  readonly pictures: readonly LabelledPicture[];
  /** Over names, boxes and the pictures' bytes: equal for equal data. */
  readonly sha256: string;
}

export interface DatasetOptions {
  /** What classes are that neither Spanwatch knows nor the set declares. */
  readonly classes?: readonly ObjectClass[];
  /** Names of the wanted pictures; others are not opened. */
  readonly only?: ReadonlySet<string>;
}

export async function readDataset(folder: string, options: DatasetOptions = {}): Promise<Dataset> {
  const { only } = options;
  const set = await readForm(folder, only);
  const wanted = choosePictures(folder, set, only);
  const kinds = new Map(
    [...set.declared.flatMap(declare), ...KNOWN_CLASSES, ...(options.classes ?? [])].map((c) => [c.name, c]),
  );
  const hash = createHash('sha256');
  const pictures: LabelledPicture[] = [];
  for (const picture of wanted) {
    const bytes = await readPictureBytes(picture);
    const boxes = await checkBoxes(picture, bytes, kinds);
    hash.update(JSON.stringify([picture.name, boxes])).update(createHash('sha256').update(bytes).digest());
    pictures.push({ name: picture.name, boxes, read: () => decode(picture) });
  }
  const used = new Set(pictures.flatMap(({ boxes }) => boxes.map(({ category }) => category)));
  const known = KNOWN_CLASSES.filter(({ name }) => used.delete(name));
  const others = [...used].sort().map((name) => kinds.get(name)!);
  return { form: set.form, classes: [...known, ...others], pictures, sha256: hash.digest('hex') };
}

async function readForm(folder: string, only?: ReadonlySet<string>): Promise<AnyForm> {
  if (!existsSync(folder)) throw new BadInput('dataset-missing', `${folder} is not there.`);
  const coco = await findCocoFile(folder);
  if (coco !== undefined) return readCoco(folder, coco);
  if (isCplid(folder)) return readCplid(folder, only);
  if (existsSync(join(folder, 'Annotations')) && existsSync(join(folder, 'JPEGImages')))
    return readVoc(folder);
  if (isYolo(folder)) return readYolo(folder);
  throw new BadInput(
    'dataset-form',
    `${folder} holds no data set: looked for COCO (annotations.json), Pascal VOC (Annotations and JPEGImages), YOLO (images and labels) and CPLID (Defective_Insulators and Normal_Insulators).`,
  );
}

function choosePictures(
  folder: string,
  { pictures }: AnyForm,
  only?: ReadonlySet<string>,
): AnnotatedPicture[] {
  const byName = new Map<string, AnnotatedPicture>();
  for (const picture of pictures) {
    if (byName.has(picture.name)) {
      throw new BadInput('dataset-picture', `${picture.labels} lists the picture ${picture.name} twice.`);
    }
    byName.set(picture.name, picture);
  }
  const unknown = [...(only ?? [])].find((name) => !byName.has(name));
  if (unknown !== undefined) {
    throw new BadInput('dataset-picture', `${folder} does not describe the picture ${unknown}.`);
  }
  const wanted = [...byName.values()].filter(({ name }) => !only || only.has(name));
  if (wanted.length === 0) throw new BadInput('dataset-empty', `${folder} describes no picture.`);
  return wanted.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function readPictureBytes({ file, labels }: AnnotatedPicture): Promise<Buffer> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw new BadInput(
      'dataset-picture',
      `${file}, which ${labels} describes, cannot be read.`,
      {},
      { cause },
    );
  }
  if (bytes.byteLength === 0) throw new BadInput('dataset-picture', `${file} is empty.`);
  return bytes;
}

async function checkBoxes(
  picture: AnnotatedPicture,
  bytes: Buffer,
  kinds: ReadonlyMap<string, ObjectClass>,
): Promise<LabelledPicture['boxes']> {
  const { width, height } = await naming(picture.file, () => imageSize(bytes));
  const size = { widthPx: width, heightPx: height };
  return picture.boxes(size).map(({ category, box }) => {
    if (!kinds.has(category)) {
      throw new BadInput(
        'dataset-class',
        `${picture.labels} names the class ${category}, which is not known: known are ${[...kinds.keys()].join(', ')}. Declare it with --class ${category}:object or --class ${category}:defect, or in COCO by the supercategory "object" or "defect".`,
      );
    }
    const fitted = fitBox(box, size, picture.name);
    if ('problem' in fitted) throw new BadInput('dataset-box', `${picture.labels}: ${fitted.problem}.`);
    return { category, box: cornersOfBox(fitted.box) };
  });
}

/** What Spanwatch knows by itself it knows better than the set. */
function declare({ name, supercategory }: AnyForm['declared'][number]): ObjectClass[] {
  return supercategory === 'object' || supercategory === 'defect' ? [{ name, kind: supercategory }] : [];
}

async function decode({ file }: AnnotatedPicture): ReturnType<LabelledPicture['read']> {
  return naming(file, async () => decodeImage(await readFile(file)));
}

/** What is wrong with a picture is said with its name. */
async function naming<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    throw new BadInput('dataset-picture', `${file}: ${cause.message}`, {}, { cause });
  }
}

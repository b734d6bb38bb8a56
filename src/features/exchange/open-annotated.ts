/** Where an annotated set lies: a folder, COCO's JSON, or a ZIP that is unpacked for as long as it is read. */
import { mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AnnotationForm } from '../../core/annotation/annotation.ts';
import { BadInput } from '../../core/domain/failure.ts';
import { unzipInto } from '../../platform/zip/unzip-into.ts';

export interface AnnotatedPlace {
  readonly folder: string;
  readonly cocoFile?: string;
}

/** Of annotations alone, some hundred bytes a box. */
const LIMITS = { files: 400_000, megabytes: 2_000 };

const FORM_FOLDERS = new Set(['annotations', 'Annotations', 'labels', 'images', 'JPEGImages']);

/** @throws BadInput when it is none of these */
export async function openAnnotated<Result>(
  file: string,
  form: AnnotationForm,
  work: (place: AnnotatedPlace) => Promise<Result>,
): Promise<Result> {
  const found = await stat(file).catch((cause: Error) => {
    throw new BadInput('no-annotations', `${file} can't be read: ${cause.message}`, {}, { cause });
  });
  if (found.isDirectory()) return work({ folder: file });
  if (await isZip(file)) return unpacked(file, work);
  if (form === 'coco') return work({ folder: path.dirname(file), cocoFile: file });
  throw new BadInput('no-annotations', `${file} is neither a folder nor a ZIP, which ${form} comes in.`);
}

async function isZip(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString('latin1').startsWith('PK');
  } finally {
    await handle.close();
  }
}

async function unpacked<Result>(
  file: string,
  work: (place: AnnotatedPlace) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-annotations-'));
  try {
    await unzipInto(file, folder, LIMITS);
    return await work({ folder: await unwrapped(folder) });
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    throw new BadInput(error.code, error.message.replaceAll(folder, 'the ZIP'), {}, { cause: error });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Archives often hold one folder that holds the set. */
async function unwrapped(folder: string): Promise<string> {
  const [only, second] = await readdir(folder, { withFileTypes: true });
  if (!only?.isDirectory() || second || FORM_FOLDERS.has(only.name)) return folder;
  return path.join(folder, only.name);
}

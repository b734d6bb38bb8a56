/** Reads which pictures of a data set are for training and which for validation. */
import { z } from 'zod';
import { BadInput } from '../../../core/domain/failure.ts';
import { readJson } from '../../../platform/annotations/read-annotation-text.ts';

export interface DatasetSplit {
  readonly train: readonly string[];
  readonly validation: readonly string[];
}

const names = z.array(z.string().min(1)).min(1);
const schema = z.object({ train: names, val: names.optional(), validation: names.optional() });

/** @param file JSON with `train` and `validation` (or `val`): names of pictures */
export async function readSplit(file: string): Promise<DatasetSplit> {
  const { train, val, validation = val } = await readJson(file, schema);
  if (validation === undefined) {
    throw new BadInput('dataset-split', `${file} has no list "validation" beside "train".`);
  }
  const learned = new Set(train);
  const both = validation.find((name) => learned.has(name));
  if (both !== undefined) {
    throw new BadInput('dataset-split', `${file} lists ${both} both for training and for validation.`);
  }
  return { train, validation };
}

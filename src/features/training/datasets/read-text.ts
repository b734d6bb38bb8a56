/** Reads the text files of a data set, with one clear error for each way in which they can be broken. */
import { readFile } from 'node:fs/promises';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { z } from 'zod';
import { BadInput } from '../../../core/domain/failure.ts';

export async function readText(file: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new BadInput('dataset-missing', `${file} cannot be read.`, { file }, { cause });
  }
  if (text.trim() === '') throw new BadInput('dataset-empty-file', `${file} is empty.`, { file });
  return text;
}

export async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  const text = await readText(file);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new BadInput('dataset-json', `${file} is not JSON.`, { file }, { cause });
  }
  return requireShape(file, json, schema);
}

const ARRAYS = new Set(['object']);
const parser = new XMLParser({ isArray: (name) => ARRAYS.has(name), parseTagValue: true });

export async function readXml<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  const text = await readText(file);
  const valid = XMLValidator.validate(text);
  if (valid !== true) {
    throw new BadInput('dataset-xml', `${file} is not XML: line ${valid.err.line}: ${valid.err.msg}`, {
      file,
    });
  }
  return requireShape(file, parser.parse(text), schema);
}

function requireShape<T>(file: string, value: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new BadInput(
    'dataset-shape',
    `${file} is not as expected at ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? 'unreadable'}.`,
    { file },
  );
}

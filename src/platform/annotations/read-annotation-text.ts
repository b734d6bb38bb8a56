/** Reads the text files of annotated sets, with one clear error for each way in which they can be broken. */
import { readFile } from 'node:fs/promises';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { z } from 'zod';
import { BadInput } from '../../core/domain/failure.ts';

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
  return requireShape(file, '', json, schema);
}

const ARRAYS = new Set(['object']);
/** Values stay text: a class may be called 007. */
const parser = new XMLParser({ isArray: (name) => ARRAYS.has(name), parseTagValue: false });

export async function readXml<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  const text = await readText(file);
  // What a document type declares can expand without end, and nobody's annotations have one.
  if (text.includes('<!DOCTYPE')) {
    throw new BadInput('dataset-xml', `${file} declares a document type, which annotations have no use for.`);
  }
  const valid = XMLValidator.validate(text);
  if (valid !== true) {
    throw new BadInput('dataset-xml', `${file} is not XML: line ${valid.err.line}: ${valid.err.msg}`, {
      file,
    });
  }
  return requireShape(file, '', parser.parse(text), schema);
}

/** @param at path of the value inside the file, or '' */
export function requireShape<T>(file: string, at: string, value: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = [...(at ? [at] : []), ...(issue?.path ?? [])].join('.') || 'its top';
  throw new BadInput(
    'dataset-shape',
    `${file} is not as expected at ${path}: ${issue?.message ?? 'unreadable'}.`,
    { file },
  );
}

/** Runs `read`; where the input is bad, its listener decides whether anything else is read. */
export function telling<T>(onProblem: (problem: BadInput) => void, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    onProblem(error);
    return undefined;
  }
}

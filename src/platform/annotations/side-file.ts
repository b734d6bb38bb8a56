/** Reads what an export kept beside Pascal VOC and YOLO: hashes of the originals, exact boxes, scores, reviewers. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { SIDE_FILE, type SideRecord } from '../../core/annotation/side-record.ts';
import { BadInput } from '../../core/domain/failure.ts';
import { readNdjsonLines } from '../ndjson/read-ndjson-lines.ts';
import { refuseAll, type ProblemListener } from './annotated-set.ts';
import { requireShape, telling } from './read-annotation-text.ts';

export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in small hexadecimal digits');

export const authorship = z.object({
  state: z.enum(['proposed', 'confirmed']),
  score: z.number().min(0).max(1).nullable(),
  modelVersion: z.string().nullable(),
  reviewedBy: z.string().nullable(),
  reviewedAt: z.iso.datetime().nullable(),
});

const schema = z.object({
  file: z.string().min(1),
  sha256,
  fileName: z.string(),
  widthPx: z.number().positive(),
  heightPx: z.number().positive(),
  annotations: z.array(
    authorship.extend({
      category: z.string().min(1),
      bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]),
    }),
  ),
});

/** @returns records by the pictures' names in the set; none where there is no such file */
export async function readSideFile(
  folder: string,
  onProblem: ProblemListener = refuseAll,
): Promise<ReadonlyMap<string, SideRecord>> {
  const file = join(folder, SIDE_FILE);
  const records = new Map<string, SideRecord>();
  if (!existsSync(file)) return records;
  for await (const lines of readNdjsonLines(file)) {
    for (const { line, json } of lines) {
      telling(onProblem, () => {
        if (json === undefined) throw new BadInput('dataset-json', `${file}, line ${line} is not JSON.`);
        const record = toRecord(requireShape(file, `line ${line}`, json, schema));
        records.set(record.file, record);
      });
    }
  }
  return records;
}

function toRecord({ file, annotations, ...picture }: z.infer<typeof schema>): SideRecord {
  return {
    file,
    picture,
    annotations: annotations.map(({ bbox: [xPx, yPx, widthPx, heightPx], ...said }) => {
      return { ...said, box: { xPx, yPx, widthPx, heightPx } };
    }),
  };
}

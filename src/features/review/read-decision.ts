/** Reads what a person sent: a decision on a finding, or a defect that the detector missed. */
import { z } from 'zod';
import { BadInput } from '../../core/domain/failure.ts';
import { DECISIONS } from '../../core/domain/review.ts';

const reviewer = z.string().trim().min(1).max(100).describe('who decides');
const reason = z.string().trim().max(1_000).nullish().describe('why, in a sentence');
const kind = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, 'must be of small letters, digits and _, beginning with a letter')
  .describe('of defect, such as failing_joint');
const bbox = z
  .tuple([z.number(), z.number(), z.number().positive(), z.number().positive()])
  .describe('x, y, width, height in pixels of the original');

export const decisionBody = z.object({
  decision: z.enum(DECISIONS),
  reviewer,
  reason,
  kind: kind.optional().describe('for reclassed: what it is instead'),
  boxes: z
    .array(z.object({ annotationId: z.string().optional(), imageId: z.uuid(), bbox }))
    .max(200)
    .optional()
    .describe('for corrected-box: each box as it should be; without annotationId another one'),
  revision: z
    .number()
    .int()
    .optional()
    .describe('of the finding that was looked at, unless If-Match names it'),
});
export type DecisionBody = z.infer<typeof decisionBody>;

export const missedDefectBody = z.object({
  kind,
  boxes: z
    .array(z.object({ imageId: z.uuid(), bbox }))
    .min(1)
    .max(200),
  reviewer,
  reason,
});
export type MissedDefectBody = z.infer<typeof missedDefectBody>;

export const askBody = z.object({ reviewer, revision: z.number().int().optional() });

/** @throws BadInput that names each field that is wrong */
export function readBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new BadInput('bad-review', `The review can't be read: ${z.prettifyError(parsed.error)}`);
}

export interface ExpectedRevision {
  readonly revision: number;
  /** Named by a header: answered with 412, by the body: with 409. */
  readonly isPrecondition: boolean;
}

/** @throws BadInput when neither names one */
export function readRevision(ifMatch: string | undefined, revision: number | undefined): ExpectedRevision {
  if (ifMatch !== undefined) {
    const named = /^(?:W\/)?"?(\d{1,9})"?$/.exec(ifMatch.trim())?.[1];
    if (named === undefined) {
      throw new BadInput(
        'bad-revision',
        `If-Match must be the ETag of the finding, such as "3", not ${ifMatch}.`,
      );
    }
    return { revision: Number(named), isPrecondition: true };
  }
  if (revision !== undefined) return { revision, isPrecondition: false };
  throw new BadInput(
    'no-revision',
    'Name the revision of the finding that you looked at: as If-Match or as "revision".',
  );
}

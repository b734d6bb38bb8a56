/** A finding as the HTTP door describes it. */
import { z } from 'zod';
import { boxOf } from '../../platform/storage/image-repository.ts';
import type { AnnotationRow } from '../../platform/storage/annotation-repository.ts';
import type { EvidenceRow, FindingRow } from '../../platform/storage/finding-repository.ts';
import type { OpinionRow } from '../../platform/storage/review-repository.ts';

export const findingSummary = z.object({
  findingId: z.uuid(),
  lineId: z.string(),
  towerId: z.string(),
  flightId: z.string(),
  kind: z.string(),
  defectNumber: z.number().int().describe('tells defects of one kind on one tower apart'),
  outcome: z.enum(['clean', 'defect']),
  probability: z.number().describe('of the defect, as the detector sees it'),
  severity: z.number().int().nullable().describe('1 least to 5 worst'),
  heightMetre: z.number().nullable().describe('of the defect above the point of take-off'),
  heightSigmaMetre: z.number().nullable(),
  inspectedAt: z.iso.datetime(),
  imageIds: z.array(z.uuid()).describe('the one that shows it best first'),
  modelVersion: z.string().nullable().describe('null where a person found it'),
  reviewState: z.enum(['unreviewed', 'confirmed', 'rejected', 'reclassed']),
  reviewedBy: z.string().nullable(),
  reviewedAt: z.iso.datetime().nullable(),
  revision: z.number().int().describe('to be named by whoever decides'),
  opinions: z.object({ given: z.number().int(), wanted: z.number().int() }),
});

export const annotation = z.object({
  annotationId: z.string(),
  imageId: z.uuid(),
  category: z.string(),
  score: z.number().nullable().describe("null for a person's"),
  bbox: z.array(z.number()).length(4).describe('x, y, width, height in pixels of the original'),
  state: z.enum(['proposed', 'confirmed', 'rejected']),
});

export const findingDetail = findingSummary.extend({
  isBlind: z.boolean().describe('shown as the detector left it: another opinion is asked for'),
  boxes: z.array(annotation),
  reviews: z.array(
    z.object({
      revision: z.number().int(),
      decision: z.enum(['confirmed', 'rejected', 'reclassed', 'corrected-box', 'added']),
      reviewer: z.string(),
      reason: z.string().nullable(),
      kindBefore: z.string(),
      kindAfter: z.string(),
      isBlind: z.boolean(),
      reviewedAt: z.iso.datetime(),
    }),
  ),
});
export type FindingDetail = z.input<typeof findingDetail>;

export function summariseFinding(row: FindingRow): z.input<typeof findingSummary> {
  return {
    findingId: row.finding_id,
    lineId: row.line_id,
    towerId: row.tower_id,
    flightId: row.flight_id,
    kind: row.kind,
    defectNumber: row.defect_number,
    outcome: row.outcome,
    probability: row.probability,
    severity: row.severity,
    heightMetre: row.height_metre,
    heightSigmaMetre: row.height_sigma_metre,
    inspectedAt: row.inspected_at.toISOString(),
    imageIds: row.image_ids,
    modelVersion: row.model_version,
    reviewState: row.review_state,
    reviewedBy: row.reviewed_by,
    reviewedAt: row.reviewed_at?.toISOString() ?? null,
    revision: row.revision,
    opinions: { given: row.opinion_count, wanted: row.opinions_wanted },
  };
}

export function describeAnnotation(row: AnnotationRow | EvidenceRow): z.input<typeof annotation> {
  return {
    annotationId: row.annotation_id,
    imageId: row.image_id,
    category: row.category,
    score: row.score,
    bbox: [...boxOf(row)],
    state: row.state,
  };
}

export function describeOpinion(row: OpinionRow): FindingDetail['reviews'][number] {
  return {
    revision: row.revision,
    decision: row.decision,
    reviewer: row.reviewer,
    reason: row.reason,
    kindBefore: row.kind_before,
    kindAfter: row.kind_after,
    isBlind: row.is_blind,
    reviewedAt: row.reviewed_at.toISOString(),
  };
}

/** What a decision on a finding says of the boxes that show it: these are what the detector is taught next. */
import { BadInput } from '../../core/domain/failure.ts';
import { NO_DEFECT, type Verdict } from '../../core/domain/review.ts';
import type { Box } from '../../core/geometry/box-overlap.ts';
import type { AnnotationRepository, BoxWord } from '../../platform/storage/annotation-repository.ts';
import type { Queryable } from '../../platform/storage/database.ts';
import type {
  EvidenceRow,
  FindingRepository,
  FindingRow,
} from '../../platform/storage/finding-repository.ts';
import { boxOf, type ImageRepository, type ImageRow } from '../../platform/storage/image-repository.ts';
import type { DecisionBody } from './read-decision.ts';

/** Rounding at the edge of a picture is nobody's fault. */
const EDGE_PX = 1;

export class JudgeBoxes {
  constructor(
    private readonly findings: FindingRepository,
    private readonly images: ImageRepository,
    private readonly annotations: AnnotationRepository,
  ) {}

  /** @param verdict that holds now, and that this decision shares */
  async judge(client: Queryable, finding: FindingRow, body: DecisionBody, verdict: Verdict): Promise<void> {
    const evidence = await this.findings.evidenceOf([finding.finding_id], client);
    const redrawn = new Map((body.boxes ?? []).map((box) => [box.annotationId, box]));
    const { reviewer } = body;
    const reason = body.reason || null;
    for (const box of evidence) {
      const drawn = redrawn.get(box.annotation_id);
      if (drawn) await this.check(drawn.imageId, drawn.bbox, box.image_id);
      const word: BoxWord = {
        imageId: box.image_id,
        annotationId: box.annotation_id,
        decision: drawn ? 'corrected' : decisionOn(verdict, finding, box),
        category: verdict === NO_DEFECT ? box.category : verdict,
        bbox: drawn?.bbox ?? boxOf(box),
        reviewer,
        reason,
      };
      await this.annotations.say(client, word);
    }
    this.refuseUnknown(body, evidence);
    for (const { annotationId, imageId, bbox } of body.boxes ?? []) {
      if (annotationId !== undefined) continue;
      await this.check(imageId, bbox, imageId, finding);
      const word = {
        imageId,
        annotationId: null,
        decision: 'added',
        category: verdict,
        bbox,
        reviewer,
        reason,
      } as const;
      await this.annotations.addEvidence(
        client,
        finding.finding_id,
        imageId,
        await this.annotations.say(client, word),
      );
    }
  }

  /** @returns the image, which has the box in its frame and shows the tower of the finding in its flight */
  async check(
    imageId: string,
    [x, y, width, height]: Box,
    expectedImage: string,
    look?: Pick<FindingRow, 'line_id' | 'tower_id' | 'flight_id'>,
  ): Promise<ImageRow> {
    const image = imageId === expectedImage ? await this.images.find(imageId) : null;
    if (!image) throw new BadInput('no-such-box', `The box is not one of image ${imageId}.`);
    const { width_px, height_px } = image;
    const isInside =
      x >= -EDGE_PX && y >= -EDGE_PX && x + width <= width_px + EDGE_PX && y + height <= height_px + EDGE_PX;
    if (!isInside) {
      throw new BadInput(
        'box-outside',
        `The box ${[x, y, width, height].join(', ')} is not inside image ${imageId}, which is ${width_px} x ${height_px}.`,
      );
    }
    const isOfLook =
      !look ||
      (image.line_id === look.line_id &&
        image.tower_id === look.tower_id &&
        image.flight_id === look.flight_id);
    if (!isOfLook) {
      throw new BadInput('other-tower', `Image ${imageId} is of another tower or flight than the finding.`);
    }
    return image;
  }

  private refuseUnknown(body: DecisionBody, evidence: readonly EvidenceRow[]): void {
    const known = new Set(evidence.map((box) => box.annotation_id));
    const unknown = body.boxes?.find(
      ({ annotationId }) => annotationId !== undefined && !known.has(annotationId),
    );
    if (unknown) {
      throw new BadInput(
        'no-such-box',
        `Box ${unknown.annotationId} is not one of those that show this finding.`,
      );
    }
  }
}

function decisionOn(verdict: Verdict, finding: FindingRow, box: EvidenceRow): BoxWord['decision'] {
  if (verdict === NO_DEFECT) return 'rejected';
  return verdict === (finding.detected_kind ?? box.category) ? 'confirmed' : 'reclassed';
}

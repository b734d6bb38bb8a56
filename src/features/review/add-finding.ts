/** A defect that the detector missed, found by a person. */
import { BadInput, Conflict } from '../../core/domain/failure.ts';
import { showsDefect } from '../../core/domain/finding.ts';
import { boxOverlap } from '../../core/geometry/box-overlap.ts';
import { DERIVE_LABELS } from '../../platform/jobs/job-kinds.ts';
import type { Jobs } from '../../platform/jobs/jobs.ts';
import type { AnnotationRepository } from '../../platform/storage/annotation-repository.ts';
import type { Database, Queryable } from '../../platform/storage/database.ts';
import type { FindingRepository, FindingRow, LookKey } from '../../platform/storage/finding-repository.ts';
import { boxOf, type ImageRow } from '../../platform/storage/image-repository.ts';
import type { ReviewRepository } from '../../platform/storage/review-repository.ts';
import { summariseFinding } from './describe-finding.ts';
import type { JudgeBoxes } from './judge-boxes.ts';
import type { RateSeverity } from './rate-severity.ts';
import type { MissedDefectBody } from './read-decision.ts';

/** A box that overlaps one of a standing finding so far shows the same defect. */
const SAME_DEFECT = 0.5;

export class AddFinding {
  constructor(
    private readonly database: Database,
    private readonly findings: FindingRepository,
    private readonly reviews: ReviewRepository,
    private readonly annotations: AnnotationRepository,
    private readonly boxes: JudgeBoxes,
    private readonly severity: RateSeverity,
    private readonly jobs: Jobs,
  ) {}

  /** @returns the id of the finding; @throws Conflict with the finding that shows it already */
  async add(body: MissedDefectBody): Promise<string> {
    const [first] = body.boxes;
    const look = toLook(await this.boxes.check(first!.imageId, first!.bbox, first!.imageId));
    for (const { imageId, bbox } of body.boxes) await this.boxes.check(imageId, bbox, imageId, look.row);
    return this.database.transaction(async (client) => {
      await this.findings.lockLook(client, look.key);
      const known = await this.findings.ofLook(client, look.key);
      await this.refuseKnown(client, known, body);
      const row = await this.findings.addFound(client, {
        ...look.key,
        kind: body.kind,
        inspectedAt: look.inspectedAt,
        imageIds: body.boxes.map(({ imageId }) => imageId),
      });
      const findingId = row.finding_id;
      const { kind, reviewer } = body;
      const reason = body.reason || null;
      for (const { imageId, bbox } of body.boxes) {
        const word = {
          imageId,
          annotationId: null,
          decision: 'added',
          category: kind,
          bbox,
          reviewer,
          reason,
        } as const;
        await this.annotations.addEvidence(
          client,
          findingId,
          imageId,
          await this.annotations.say(client, word),
        );
      }
      await this.reviews.addOpinion(client, {
        findingId,
        revision: row.revision,
        decision: 'added',
        reviewer,
        reason,
        kind_before: kind,
        kind_after: kind,
        is_blind: false,
      });
      await this.reviews.settle(client, {
        findingId,
        kind,
        reviewState: 'confirmed',
        severity: await this.severity.ofStanding(client, row, kind),
        reviewedBy: reviewer,
        opinionCount: 1,
        opinionsWanted: 1,
      });
      const { lineId, towerId } = look.key;
      await this.jobs.send(DERIVE_LABELS, { lineId, towerId }, client);
      return findingId;
    });
  }

  /** Sent twice, or seen by the detector meanwhile. */
  private async refuseKnown(
    client: Queryable,
    known: readonly FindingRow[],
    body: MissedDefectBody,
  ): Promise<void> {
    const standing = known.filter(
      (row) =>
        row.kind === body.kind &&
        row.outcome === 'defect' &&
        showsDefect({ outcome: row.outcome, reviewState: row.review_state }),
    );
    const evidence = await this.findings.evidenceOf(
      standing.map((row) => row.finding_id),
      client,
    );
    const same = evidence.find((box) =>
      body.boxes.some(
        ({ imageId, bbox }) => imageId === box.image_id && boxOverlap(boxOf(box), bbox) >= SAME_DEFECT,
      ),
    );
    if (!same) return;
    const current = standing.find((row) => row.finding_id === same.finding_id)!;
    throw new Conflict('already-found', `Finding ${same.finding_id} shows this defect already.`, {
      current: summariseFinding(current),
    });
  }
}

function toLook(image: ImageRow): { key: LookKey; row: ImageKeys; inspectedAt: Date } {
  const { line_id, tower_id, flight_id } = image;
  if (!line_id || !tower_id || !flight_id) {
    throw new BadInput(
      'image-without-tower',
      'Say first which tower the photograph shows: a finding is of a tower.',
    );
  }
  return {
    key: { lineId: line_id, towerId: tower_id, flightId: flight_id },
    row: { line_id, tower_id, flight_id },
    inspectedAt: image.taken_at ?? image.received_at,
  };
}

type ImageKeys = Pick<FindingRow, 'line_id' | 'tower_id' | 'flight_id'>;

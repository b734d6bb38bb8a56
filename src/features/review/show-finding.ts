/** A finding with its boxes and what people said of it; blind for whoever is asked for another opinion of it. */
import { z } from 'zod';
import { BadInput } from '../../core/domain/failure.ts';
import { personOf } from '../../core/domain/review.ts';
import type { AnnotationRepository } from '../../platform/storage/annotation-repository.ts';
import type { FindingRepository, FindingRow } from '../../platform/storage/finding-repository.ts';
import type { OpinionRow, ReviewRepository } from '../../platform/storage/review-repository.ts';
import {
  describeAnnotation,
  describeOpinion,
  summariseFinding,
  type FindingDetail,
} from './describe-finding.ts';

export class ShowFinding {
  constructor(
    private readonly findings: FindingRepository,
    private readonly reviews: ReviewRepository,
    private readonly annotations: AnnotationRepository,
  ) {}

  /**
   * @param reviewer who asks; without it everything is shown
   * @throws BadInput `not-found` when there is none
   */
  async show(findingId: string, reviewer: string | null = null): Promise<FindingDetail> {
    const row = z.uuid().safeParse(findingId).success ? await this.findings.find(findingId) : null;
    if (!row) throw new BadInput('not-found', `There is no finding ${findingId}.`);
    const opinions = await this.reviews.opinionsOf(findingId);
    if (reviewer !== null && isBlindFor(row, opinions, reviewer)) return this.showBlind(row, opinions);
    return {
      ...summariseFinding(row),
      isBlind: false,
      boxes: (await this.findings.evidenceOf([findingId])).map(describeAnnotation),
      reviews: opinions.map(describeOpinion),
    };
  }

  private async showBlind(row: FindingRow, opinions: readonly OpinionRow[]): Promise<FindingDetail> {
    return {
      ...summariseFinding(row),
      kind: kindBefore(row, opinions),
      reviewState: 'unreviewed',
      reviewedBy: null,
      reviewedAt: null,
      severity: null,
      isBlind: true,
      boxes: (await this.annotations.asDetected(row.finding_id)).map(describeAnnotation),
      reviews: [],
    };
  }
}

/** Whether another opinion is asked for, and this person has given none yet. */
export function isBlindFor(row: FindingRow, opinions: readonly OpinionRow[], reviewer: string): boolean {
  const isAsked = row.opinion_count > 0 && row.opinion_count < row.opinions_wanted;
  return isAsked && !opinions.some((opinion) => personOf(opinion.reviewer) === personOf(reviewer));
}

/** What the finding was taken for before people gave it another kind. */
export function kindBefore(row: FindingRow, opinions: readonly OpinionRow[]): string {
  return row.detected_kind ?? opinions[0]?.kind_after ?? row.kind;
}

/** Puts the parts together that let people decide: for the HTTP door and for the command line. */
import type { Jobs } from '../../platform/jobs/jobs.ts';
import { AnnotationRepository } from '../../platform/storage/annotation-repository.ts';
import type { Database } from '../../platform/storage/database.ts';
import { FindingRepository } from '../../platform/storage/finding-repository.ts';
import { ImageRepository } from '../../platform/storage/image-repository.ts';
import { ReviewRepository } from '../../platform/storage/review-repository.ts';
import { AddFinding } from './add-finding.ts';
import { JudgeBoxes } from './judge-boxes.ts';
import { RateSeverity } from './rate-severity.ts';
import { ReviewFinding } from './review-finding.ts';
import { ShowFinding } from './show-finding.ts';

export interface Review {
  readonly show: ShowFinding;
  readonly decide: ReviewFinding;
  readonly add: AddFinding;
}

export function buildReview(database: Database, jobs: Jobs): Review {
  const findings = new FindingRepository(database);
  const images = new ImageRepository(database);
  const reviews = new ReviewRepository(database);
  const annotations = new AnnotationRepository(database);
  const boxes = new JudgeBoxes(findings, images, annotations);
  const severity = new RateSeverity(findings, images);
  return {
    show: new ShowFinding(findings, reviews, annotations),
    decide: new ReviewFinding(database, findings, reviews, boxes, severity, jobs),
    add: new AddFinding(database, findings, reviews, annotations, boxes, severity, jobs),
  };
}

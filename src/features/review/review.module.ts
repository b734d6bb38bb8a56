/** Wires review: findings, what people decide of them, and the page on which they do. */
import { Module } from '@nestjs/common';
import { Jobs } from '../../platform/jobs/jobs.ts';
import { Database } from '../../platform/storage/database.ts';
import { AddFinding } from './add-finding.ts';
import { AnnotationsController } from './annotations.controller.ts';
import { buildReview, type Review } from './build-review.ts';
import { FindingsController } from './findings.controller.ts';
import { ReviewFinding } from './review-finding.ts';
import { ReviewPageController } from './review-page.controller.ts';
import { ReviewQueueController } from './review-queue.controller.ts';
import { ReviewsController } from './reviews.controller.ts';
import { ShowFinding } from './show-finding.ts';

const REVIEW = Symbol('review');

@Module({
  controllers: [
    FindingsController,
    ReviewsController,
    ReviewQueueController,
    AnnotationsController,
    ReviewPageController,
  ],
  providers: [
    { provide: REVIEW, inject: [Database, Jobs], useFactory: buildReview },
    { provide: ShowFinding, inject: [REVIEW], useFactory: ({ show }: Review) => show },
    { provide: ReviewFinding, inject: [REVIEW], useFactory: ({ decide }: Review) => decide },
    { provide: AddFinding, inject: [REVIEW], useFactory: ({ add }: Review) => add },
  ],
})
export class ReviewApiModule {}

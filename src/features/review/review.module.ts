/** Wires review: findings, what people decide of them, and the page on which they do. */
import { Module } from '@nestjs/common';
import { Jobs } from '../../platform/jobs/jobs.ts';
import { AnnotationRepository } from '../../platform/storage/annotation-repository.ts';
import { Database } from '../../platform/storage/database.ts';
import { FindingRepository } from '../../platform/storage/finding-repository.ts';
import { ImageRepository } from '../../platform/storage/image-repository.ts';
import { ReviewRepository } from '../../platform/storage/review-repository.ts';
import { AddFinding } from './add-finding.ts';
import { AnnotationsController } from './annotations.controller.ts';
import { FindingsController } from './findings.controller.ts';
import { JudgeBoxes } from './judge-boxes.ts';
import { RateSeverity } from './rate-severity.ts';
import { ReviewFinding } from './review-finding.ts';
import { ReviewPageController } from './review-page.controller.ts';
import { ReviewQueueController } from './review-queue.controller.ts';
import { ReviewsController } from './reviews.controller.ts';
import { ShowFinding } from './show-finding.ts';

@Module({
  controllers: [
    FindingsController,
    ReviewsController,
    ReviewQueueController,
    AnnotationsController,
    ReviewPageController,
  ],
  providers: [
    {
      provide: ShowFinding,
      inject: [FindingRepository, ReviewRepository, AnnotationRepository],
      useFactory: (...parts: ConstructorParameters<typeof ShowFinding>) => new ShowFinding(...parts),
    },
    {
      provide: JudgeBoxes,
      inject: [FindingRepository, ImageRepository, AnnotationRepository],
      useFactory: (...parts: ConstructorParameters<typeof JudgeBoxes>) => new JudgeBoxes(...parts),
    },
    {
      provide: RateSeverity,
      inject: [FindingRepository, ImageRepository],
      useFactory: (...parts: ConstructorParameters<typeof RateSeverity>) => new RateSeverity(...parts),
    },
    {
      provide: ReviewFinding,
      inject: [Database, FindingRepository, ReviewRepository, JudgeBoxes, RateSeverity, Jobs],
      useFactory: (...parts: ConstructorParameters<typeof ReviewFinding>) => new ReviewFinding(...parts),
    },
    {
      provide: AddFinding,
      inject: [
        Database,
        FindingRepository,
        ReviewRepository,
        AnnotationRepository,
        JudgeBoxes,
        RateSeverity,
        Jobs,
      ],
      useFactory: (...parts: ConstructorParameters<typeof AddFinding>) => new AddFinding(...parts),
    },
  ],
})
export class ReviewApiModule {}

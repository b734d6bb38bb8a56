/** Hands the started platform to every feature. */
import {
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { BlobStore } from './blobs/blob-store.ts';
import { JOB_KINDS } from './jobs/job-kinds.ts';
import { Jobs } from './jobs/jobs.ts';
import { Health } from './ops/health.ts';
import { Metrics } from './ops/metrics.ts';
import { OpsController } from './ops/ops.controller.ts';
import type { Platform } from './start-platform.ts';
import { AnnotationCategoryRepository } from './storage/annotation-category-repository.ts';
import { AnnotationExportRepository } from './storage/annotation-export-repository.ts';
import { AnnotationRepository } from './storage/annotation-repository.ts';
import { AnomalyEventRepository } from './storage/anomaly-event-repository.ts';
import { AnomalyScoreRepository } from './storage/anomaly-score-repository.ts';
import { AssetRepository } from './storage/asset-repository.ts';
import { Database } from './storage/database.ts';
import { FindingExportRepository } from './storage/finding-export-repository.ts';
import { FindingRepository } from './storage/finding-repository.ts';
import { FlightReportRepository } from './storage/flight-report-repository.ts';
import { ImageMatchRepository } from './storage/image-match-repository.ts';
import { ImageRepository } from './storage/image-repository.ts';
import { ImageUploadRepository } from './storage/image-upload-repository.ts';
import { LabelRepository } from './storage/label-repository.ts';
import { PeerStandingRepository } from './storage/peer-standing-repository.ts';
import { ModelVersionRepository } from './storage/model-version-repository.ts';
import { NamedPictureRepository } from './storage/named-picture-repository.ts';
import { RejectedMessageRepository } from './storage/rejected-message-repository.ts';
import { ReviewRepository } from './storage/review-repository.ts';
import { SensorHealthRepository } from './storage/sensor-health-repository.ts';
import { TowerReportRepository } from './storage/tower-report-repository.ts';
import { TrainingSnapshotRepository } from './storage/training-snapshot-repository.ts';

/** Injection token of the started platform: settings, logger, addresses, folders. */
export const PLATFORM = Symbol('platform');

const REPOSITORIES = [
  AnnotationCategoryRepository,
  AnnotationExportRepository,
  AnnotationRepository,
  AnomalyEventRepository,
  AnomalyScoreRepository,
  PeerStandingRepository,
  AssetRepository,
  FindingExportRepository,
  FindingRepository,
  FlightReportRepository,
  ImageMatchRepository,
  ImageRepository,
  ImageUploadRepository,
  LabelRepository,
  ModelVersionRepository,
  NamedPictureRepository,
  RejectedMessageRepository,
  ReviewRepository,
  SensorHealthRepository,
  TowerReportRepository,
  TrainingSnapshotRepository,
];

@Module({})
export class PlatformModule implements OnModuleInit, OnApplicationShutdown {
  static of(platform: Platform): DynamicModule {
    const { database, blobs, logger } = platform;
    const metrics = new Metrics();
    const health = new Health();
    health.add('database', async () => {
      await database.query('SELECT 1');
    });
    const values = [
      { provide: PLATFORM, useValue: platform },
      { provide: Database, useValue: database },
      { provide: BlobStore, useValue: blobs },
      { provide: Metrics, useValue: metrics },
      { provide: Health, useValue: health },
      { provide: Jobs, useValue: new Jobs(database, logger, metrics) },
      ...REPOSITORIES.map((Repository) => ({ provide: Repository, useValue: new Repository(database) })),
    ];
    return {
      module: PlatformModule,
      global: true,
      controllers: [OpsController],
      providers: values,
      exports: values.map((value) => value.provide),
    };
  }
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(Jobs) private readonly jobs: Jobs,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.jobs.start(JOB_KINDS, this.platform.ownsDatabase);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.jobs.stop();
  }
}

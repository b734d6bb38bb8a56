/** Wires inspection: the doors where the api role runs, detection where the worker role runs. */
import {
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { MulterModule } from '@nestjs/platform-express';
import { BlobStore } from '../../platform/blobs/blob-store.ts';
import { DETECT } from '../../platform/jobs/job-kinds.ts';
import { Jobs } from '../../platform/jobs/jobs.ts';
import { Metrics } from '../../platform/ops/metrics.ts';
import type { Platform } from '../../platform/start-platform.ts';
import { AssetRepository } from '../../platform/storage/asset-repository.ts';
import { Database } from '../../platform/storage/database.ts';
import { FindingRepository } from '../../platform/storage/finding-repository.ts';
import { ImageRepository } from '../../platform/storage/image-repository.ts';
import { ModelVersionRepository } from '../../platform/storage/model-version-repository.ts';
import { DetectImage } from './detect-image.ts';
import { FindingsController } from './findings.controller.ts';
import { ImageIntake } from './image-intake.ts';
import { ImagesController } from './images.controller.ts';
import { LineInspector } from './line-inspector.ts';

/** Files a request; more photographs go in further requests. */
const MAX_FILES = 50;

@Module({})
export class InspectionApiModule {
  static of({ settings, blobs }: Platform): DynamicModule {
    const limits = { maxMegapixels: settings.MAX_IMAGE_MEGAPIXELS };
    return {
      module: InspectionApiModule,
      imports: [
        MulterModule.register({
          dest: blobs.incomingFolder,
          limits: { fileSize: settings.MAX_IMAGE_MEGABYTES * 1e6, files: MAX_FILES },
        }),
      ],
      controllers: [ImagesController, FindingsController],
      providers: [
        {
          provide: ImageIntake,
          inject: [Database, ImageRepository, AssetRepository, BlobStore, Jobs],
          useFactory: (
            database: Database,
            images: ImageRepository,
            assets: AssetRepository,
            store: BlobStore,
            jobs: Jobs,
          ) => new ImageIntake(database, images, assets, store, jobs, limits),
        },
      ],
    };
  }
}

@Module({
  providers: [
    {
      provide: LineInspector,
      inject: [ModelVersionRepository],
      useFactory: (versions: ModelVersionRepository) => new LineInspector(versions),
    },
    {
      provide: DetectImage,
      inject: [Database, ImageRepository, FindingRepository, BlobStore, Jobs, LineInspector, Metrics],
      useFactory: (...parts: ConstructorParameters<typeof DetectImage>) => new DetectImage(...parts),
    },
  ],
})
export class InspectionWorkerModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(Jobs) private readonly jobs: Jobs,
    @Inject(DetectImage) private readonly detectImage: DetectImage,
    @Inject(LineInspector) private readonly inspector: LineInspector,
  ) {}

  onApplicationBootstrap(): void {
    this.jobs.work(
      DETECT,
      (data) => this.detectImage.run(data),
      (data, cause) => this.detectImage.giveUp(data, cause),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    // A photograph may be under analysis: the model goes last.
    await this.jobs.stop();
    this.inspector.dispose();
  }
}

/** Wires inspection: the doors where the api role runs, detection where the worker role runs. */
import {
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { MulterModule } from '@nestjs/platform-express';
import { BlobStore } from '../../platform/blobs/blob-store.ts';
import { DETECT } from '../../platform/jobs/job-kinds.ts';
import { Jobs } from '../../platform/jobs/jobs.ts';
import { logFailure } from '../../platform/ops/log-failure.ts';
import type { Logger } from '../../platform/ops/logger.ts';
import { Metrics } from '../../platform/ops/metrics.ts';
import { Rounds } from '../../platform/ops/rounds.ts';
import { PLATFORM } from '../../platform/platform.module.ts';
import type { Platform } from '../../platform/start-platform.ts';
import { AnnotationRepository } from '../../platform/storage/annotation-repository.ts';
import { AssetRepository } from '../../platform/storage/asset-repository.ts';
import { Database } from '../../platform/storage/database.ts';
import { FindingRepository } from '../../platform/storage/finding-repository.ts';
import { ImageMatchRepository } from '../../platform/storage/image-match-repository.ts';
import { ImageRepository } from '../../platform/storage/image-repository.ts';
import { ImageUploadRepository } from '../../platform/storage/image-upload-repository.ts';
import { ModelVersionRepository } from '../../platform/storage/model-version-repository.ts';
import { DetectImage } from './detect-image.ts';
import { ImageMatchController } from './image-match.controller.ts';
import { ImagesController } from './images.controller.ts';
import { buildIntake } from './intake/build-intake.ts';
import { ImageIntake } from './intake/image-intake.ts';
import { ReceivingStorage } from './intake/received-file.ts';
import { TowerMatching } from './intake/tower-matching.ts';
import { LineInspector } from './line-inspector.ts';
import { Thumbnails } from './thumbnails.ts';
import { ThumbnailsController } from './thumbnails.controller.ts';
import { ImageUploadStore } from './uploads/image-upload-store.ts';
import { createTusServer, TUS_SERVER } from './uploads/tus-server.ts';
import { UpdateFindings } from './update-findings.ts';
import { UploadIntake } from './uploads/upload-intake.ts';
import { UploadsController } from './uploads/uploads.controller.ts';
import { WatchedFolder } from './watch/watched-folder.ts';

/** Files a request; more photographs go in further requests. */
const MAX_FILES = 50;
/** A file that is this many times too large ends the request; one that is a little too large costs the others nothing. */
const PATIENCE = 4;
const SWEEP_REST_MS = 60_000;
const WATCH_REST_MS = 2_000;

@Module({})
export class InspectionApiModule implements OnApplicationBootstrap, OnModuleDestroy {
  static of({ settings, blobs }: Platform): DynamicModule {
    const mostBytes = settings.MAX_IMAGE_MEGABYTES * 1e6;
    return {
      module: InspectionApiModule,
      imports: [
        MulterModule.register({
          storage: new ReceivingStorage(blobs.incomingFolder, mostBytes),
          limits: { fileSize: PATIENCE * mostBytes, files: MAX_FILES },
          defParamCharset: 'utf8',
        }),
      ],
      controllers: [ImagesController, ThumbnailsController, ImageMatchController, UploadsController],
      providers: [
        {
          provide: ImageIntake,
          inject: [Database, BlobStore, Jobs],
          useFactory: (database: Database, store: BlobStore, jobs: Jobs) =>
            buildIntake(settings, database, store, jobs),
        },
        {
          provide: TowerMatching,
          inject: [Database, ImageRepository, ImageMatchRepository, AssetRepository, Jobs],
          useFactory: (...parts: ConstructorParameters<typeof TowerMatching>) => new TowerMatching(...parts),
        },
        {
          provide: Thumbnails,
          inject: [AnnotationRepository],
          useFactory: (annotations: AnnotationRepository) =>
            new Thumbnails(blobs, annotations, settings.MAX_IMAGE_MEGAPIXELS),
        },
        {
          provide: ImageUploadStore,
          inject: [ImageUploadRepository],
          useFactory: (finished: ImageUploadRepository) =>
            new ImageUploadStore(blobs.uploadsFolder, finished),
        },
        {
          provide: UploadIntake,
          inject: [ImageIntake, ImageUploadStore, ImageUploadRepository],
          useFactory: (...parts: ConstructorParameters<typeof UploadIntake>) => new UploadIntake(...parts),
        },
        {
          provide: TUS_SERVER,
          inject: [ImageUploadStore, UploadIntake],
          useFactory: (store: ImageUploadStore, uploads: UploadIntake) =>
            createTusServer(store, uploads, mostBytes),
        },
      ],
    };
  }

  private readonly rounds: readonly Rounds[];

  constructor(
    @Inject(PLATFORM) { settings, logger }: Platform,
    @Inject(UploadIntake) uploads: UploadIntake,
    @Inject(ImageIntake) intake: ImageIntake,
  ) {
    const sweep = () => uploads.sweep();
    const told = (what: string) => (cause: unknown) => {
      if (cause === null) logger.info(`${what} goes on`);
      else logFailure(logger, cause, {}, `${what} has to wait`);
    };
    const sweeps = new Rounds({
      restMs: SWEEP_REST_MS,
      round: sweep,
      onTrouble: told('taking in what was uploaded'),
    });
    this.rounds = settings.WATCH_DIR
      ? [sweeps, watch(settings.WATCH_DIR, intake, logger, told('the watched folder'))]
      : [sweeps];
  }

  onApplicationBootstrap(): void {
    for (const each of this.rounds) each.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.rounds.map((each) => each.stop()));
  }
}

function watch(
  folder: string,
  intake: ImageIntake,
  logger: Logger,
  onTrouble: (cause: unknown) => void,
): Rounds {
  const watched = new WatchedFolder(folder, intake, logger);
  return new Rounds({ restMs: WATCH_REST_MS, round: (signal) => watched.look(signal), onTrouble });
}

@Module({
  providers: [
    {
      provide: LineInspector,
      inject: [ModelVersionRepository],
      useFactory: (versions: ModelVersionRepository) => new LineInspector(versions),
    },
    {
      provide: UpdateFindings,
      inject: [ImageRepository, FindingRepository, AssetRepository, Jobs],
      useFactory: (...parts: ConstructorParameters<typeof UpdateFindings>) => new UpdateFindings(...parts),
    },
    {
      provide: DetectImage,
      inject: [Database, ImageRepository, UpdateFindings, BlobStore, LineInspector, Metrics],
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

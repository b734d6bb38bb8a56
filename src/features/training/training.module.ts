/** Wires training into the worker role. */
import {
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { TRAIN_ANOMALY } from '../../platform/jobs/job-kinds.ts';
import { Jobs } from '../../platform/jobs/jobs.ts';
import type { Platform } from '../../platform/start-platform.ts';
import { ModelVersionRepository } from '../../platform/storage/model-version-repository.ts';
import { TrainingSnapshotRepository } from '../../platform/storage/training-snapshot-repository.ts';
import { TrainAnomaly } from './train-anomaly-job.ts';

@Module({})
export class TrainingWorkerModule implements OnApplicationBootstrap, OnModuleDestroy {
  static of({ folders, logger }: Platform): DynamicModule {
    return {
      module: TrainingWorkerModule,
      providers: [
        {
          provide: TrainAnomaly,
          inject: [TrainingSnapshotRepository, ModelVersionRepository],
          useFactory: (snapshots: TrainingSnapshotRepository, versions: ModelVersionRepository) =>
            new TrainAnomaly(snapshots, versions, folders, logger),
        },
      ],
    };
  }

  constructor(
    @Inject(Jobs) private readonly jobs: Jobs,
    @Inject(TrainAnomaly) private readonly trainAnomaly: TrainAnomaly,
  ) {}

  onApplicationBootstrap(): void {
    this.jobs.work(TRAIN_ANOMALY, async (data) => {
      await this.trainAnomaly.run(data);
    });
  }

  onModuleDestroy(): void {
    this.trainAnomaly.stop();
  }
}

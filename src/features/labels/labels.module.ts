/** Wires labels: the list where the api role runs, their derivation where the worker role runs. */
import { Inject, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { DERIVE_LABELS } from '../../platform/jobs/job-kinds.ts';
import { Jobs } from '../../platform/jobs/jobs.ts';
import { Database } from '../../platform/storage/database.ts';
import { FindingRepository } from '../../platform/storage/finding-repository.ts';
import { LabelRepository } from '../../platform/storage/label-repository.ts';
import { DeriveLabels } from './derive-labels.ts';
import { LabelsController } from './labels.controller.ts';

@Module({ controllers: [LabelsController] })
export class LabelsApiModule {}

@Module({
  providers: [
    {
      provide: DeriveLabels,
      inject: [Database, FindingRepository, LabelRepository],
      useFactory: (...parts: ConstructorParameters<typeof DeriveLabels>) => new DeriveLabels(...parts),
    },
  ],
})
export class LabelsWorkerModule implements OnApplicationBootstrap {
  constructor(
    @Inject(Jobs) private readonly jobs: Jobs,
    @Inject(DeriveLabels) private readonly deriveLabels: DeriveLabels,
  ) {}

  onApplicationBootstrap(): void {
    this.jobs.work(DERIVE_LABELS, (data) => this.deriveLabels.run(data));
  }
}

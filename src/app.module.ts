/** The table of contents: which features a process runs, by its roles. */
import { Module, type DynamicModule } from '@nestjs/common';
import { AnomaliesApiModule, AnomaliesWorkerModule } from './features/anomalies/anomalies.module.ts';
import { IngestApiModule } from './features/ingest/ingest-api.module.ts';
import { IngestModule } from './features/ingest/ingest.module.ts';
import { InspectionApiModule, InspectionWorkerModule } from './features/inspection/inspection.module.ts';
import { LabelsApiModule, LabelsWorkerModule } from './features/labels/labels.module.ts';
import { MonitoringWorkerModule } from './features/monitoring/monitoring.module.ts';
import { RegistryApiModule, RegistryWorkerModule } from './features/registry/registry.module.ts';
import { TrainingWorkerModule } from './features/training/training.module.ts';
import { PlatformModule } from './platform/platform.module.ts';
import type { Platform } from './platform/start-platform.ts';
import type { Role } from './settings.ts';

type Modules = NonNullable<DynamicModule['imports']>;

const MODULES_OF_ROLE: Readonly<Record<Role, (platform: Platform) => Modules>> = {
  api: (platform) => [
    InspectionApiModule.of(platform),
    LabelsApiModule,
    AnomaliesApiModule,
    RegistryApiModule,
    IngestApiModule,
  ],
  ingest: (platform) => [IngestModule.of(platform)],
  worker: (platform) => [
    RegistryWorkerModule,
    InspectionWorkerModule,
    LabelsWorkerModule,
    TrainingWorkerModule.of(platform),
    AnomaliesWorkerModule.of(platform),
    MonitoringWorkerModule.of(platform),
  ],
};

@Module({})
export class AppModule {
  static of(platform: Platform): DynamicModule {
    const roles = platform.settings.ROLES.flatMap((role) => MODULES_OF_ROLE[role](platform));
    return { module: AppModule, imports: [PlatformModule.of(platform), ...roles] };
  }
}

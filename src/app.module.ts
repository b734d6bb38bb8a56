/** The table of contents: which features a process runs, by its roles. */
import { Module, type DynamicModule } from '@nestjs/common';
import { PlatformModule } from './platform/platform.module.ts';
import type { Platform } from './platform/start-platform.ts';
import type { Role } from './settings.ts';

type Modules = NonNullable<DynamicModule['imports']>;

/** Loaded where they are run: TensorFlow.js and image decoding would be half of what an ingest process holds. */
const MODULES_OF_ROLE: Readonly<Record<Role, (platform: Platform) => Promise<Modules>>> = {
  api: async (platform) => [
    (await import('./features/inspection/inspection.module.ts')).InspectionApiModule.of(platform),
    (await import('./features/exchange/exchange.module.ts')).ExchangeApiModule.of(platform),
    (await import('./features/review/review.module.ts')).ReviewApiModule,
    (await import('./features/labels/labels.module.ts')).LabelsApiModule,
    (await import('./features/anomalies/anomalies.module.ts')).AnomaliesApiModule,
    (await import('./features/registry/registry.module.ts')).RegistryApiModule,
    (await import('./features/ingest/ingest-api.module.ts')).IngestApiModule,
  ],
  ingest: async (platform) => [
    (await import('./features/ingest/ingest.module.ts')).IngestModule.of(platform),
  ],
  worker: async (platform) => [
    (await import('./features/registry/registry.module.ts')).RegistryWorkerModule,
    (await import('./features/inspection/inspection.module.ts')).InspectionWorkerModule,
    (await import('./features/labels/labels.module.ts')).LabelsWorkerModule,
    (await import('./features/training/training.module.ts')).TrainingWorkerModule.of(platform),
    (await import('./features/anomalies/anomalies.module.ts')).AnomaliesWorkerModule.of(platform),
    (await import('./features/monitoring/monitoring.module.ts')).MonitoringWorkerModule.of(platform),
    (await import('./features/retention/retention.module.ts')).RetentionWorkerModule,
  ],
};

@Module({})
export class AppModule {
  static async of(platform: Platform): Promise<DynamicModule> {
    const roles: Modules = [];
    for (const role of platform.settings.ROLES) roles.push(...(await MODULES_OF_ROLE[role](platform)));
    return { module: AppModule, imports: [PlatformModule.of(platform), ...roles] };
  }
}

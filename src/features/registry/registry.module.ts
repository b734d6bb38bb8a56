/** Wires the registry: the list where the api role runs, the shipped models where the worker role runs. */
import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { PLATFORM } from '../../platform/platform.module.ts';
import type { Platform } from '../../platform/start-platform.ts';
import { ModelVersionRepository } from '../../platform/storage/model-version-repository.ts';
import { ModelsController } from './models.controller.ts';
import { registerShipped } from './register-shipped.ts';

@Module({ controllers: [ModelsController] })
export class RegistryApiModule {}

@Module({})
export class RegistryWorkerModule implements OnModuleInit {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(ModelVersionRepository) private readonly versions: ModelVersionRepository,
  ) {}

  async onModuleInit(): Promise<void> {
    await registerShipped(this.versions, this.platform.logger);
  }
}

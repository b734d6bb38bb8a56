/** Ingest as a part of the application: listens when it is up, finishes its work before it goes down. */
import {
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { IngestService, type IngestOptions } from './ingest.service.ts';

@Module({})
export class IngestModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(@Inject(IngestService) private readonly ingest: IngestService) {}

  static register(options: IngestOptions): DynamicModule {
    return {
      module: IngestModule,
      providers: [{ provide: IngestService, useFactory: () => new IngestService(options) }],
      exports: [IngestService],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.ingest.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.ingest.stop();
  }
}

/** Wires ingest into its role: it listens once all is up, and finishes its work before anything goes down. */
import {
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { takeBrokerSession } from '../../platform/mqtt/broker-session.ts';
import { Health } from '../../platform/ops/health.ts';
import { Metrics } from '../../platform/ops/metrics.ts';
import type { Platform } from '../../platform/start-platform.ts';
import type { IngestMetrics } from './ingest-metrics.ts';
import { IngestService } from './ingest.service.ts';

@Module({})
export class IngestModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  static of({ database, logger, mqttUrl, mqttTls, settings }: Platform): DynamicModule {
    return {
      module: IngestModule,
      providers: [
        {
          provide: IngestService,
          inject: [Metrics],
          useFactory: async (metrics: Metrics) =>
            new IngestService({
              database,
              logger,
              mqttUrl,
              mqttTls,
              metrics: countWith(metrics),
              session: await takeBrokerSession(settings.DATA_DIR),
              ...(settings.MQTT_GROUP === undefined ? {} : { group: settings.MQTT_GROUP }),
              unknownSensors: settings.UNKNOWN_SENSORS,
            }),
        },
      ],
    };
  }

  constructor(
    @Inject(IngestService) private readonly ingest: IngestService,
    @Inject(Health) private readonly health: Health,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.health.add('ingest', () => this.ingest.checkReady());
    await this.ingest.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.ingest.stop();
  }
}

function countWith(metrics: Metrics): IngestMetrics {
  return {
    stored: (count) => metrics.readingsStored.inc(count),
    duplicate: (count) => metrics.readingsDuplicate.inc(count),
    conflict: (count) => metrics.readingsConflicting.inc(count),
    rejected: (reason) => metrics.messagesRejected.inc({ reason }),
    batchSeconds: (seconds) => metrics.ingestBatchSeconds.observe(seconds),
  };
}

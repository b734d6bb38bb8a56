/** Wires ingest into its role: its doors open once all is up, and finish their work before anything goes down. */
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
import { mapByRules } from './sparkplug/map-by-rules.ts';
import { readSparkplugMap } from './sparkplug/read-sparkplug-map.ts';
import { mapByName } from './sparkplug/sensor-mapping.ts';
import { SparkplugService } from './sparkplug/sparkplug.service.ts';

@Module({})
export class IngestModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  static of(platform: Platform): DynamicModule {
    return {
      module: IngestModule,
      providers: [
        {
          provide: IngestService,
          inject: [Metrics],
          useFactory: (metrics: Metrics) => createIngest(platform, metrics),
        },
        {
          provide: SparkplugService,
          inject: [Metrics, IngestService],
          useFactory: (metrics: Metrics, ingest: IngestService) => createSparkplug(platform, metrics, ingest),
        },
      ],
    };
  }

  constructor(
    @Inject(IngestService) private readonly ingest: IngestService,
    /** Null where it is off. */
    @Inject(SparkplugService) private readonly sparkplug: SparkplugService | null,
    @Inject(Health) private readonly health: Health,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.health.add('ingest', () => this.ingest.checkReady());
    await this.ingest.start();
    const { sparkplug } = this;
    if (!sparkplug) return;
    this.health.add('sparkplug', () => sparkplug.checkReady());
    this.ingest.onStoring((storing) => sparkplug.setStoring(storing));
    await sparkplug.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.sparkplug?.stop();
    await this.ingest.stop();
    this.sparkplug?.sayLost();
  }
}

async function createIngest(
  { database, logger, mqttUrl, mqttTls, settings }: Platform,
  metrics: Metrics,
): Promise<IngestService> {
  return new IngestService({
    database,
    logger,
    mqttUrl,
    mqttTls,
    metrics: countWith(metrics),
    session: await takeBrokerSession(settings.DATA_DIR),
    ...(settings.MQTT_GROUP === undefined ? {} : { group: settings.MQTT_GROUP }),
    brokerKeepsSessions: settings.MQTT_URL !== undefined,
    unknownSensors: settings.UNKNOWN_SENSORS,
  });
}

async function createSparkplug(
  { logger, mqttUrl, mqttTls, settings }: Platform,
  metrics: Metrics,
  ingest: IngestService,
): Promise<SparkplugService | null> {
  const { SPARKPLUG_HOST_ID: hostId, SPARKPLUG_MAP: file, SPARKPLUG_REORDER_MS: reorderTimeoutMs } = settings;
  if (hostId === undefined) return null;
  return new SparkplugService({
    mqttUrl,
    mqttTls,
    hostId,
    reorderTimeoutMs,
    logger,
    clientId: `${ingest.clientId}-sparkplug`,
    mapping: file === undefined ? mapByName : mapByRules(await readSparkplugMap(file)),
    metrics: {
      outOfOrder: () => metrics.sparkplugOutOfOrder.inc(),
      rebirth: () => metrics.sparkplugRebirths.inc(),
      dropped: () => metrics.sparkplugDropped.inc(),
    },
    store: (read, onCommitted) => ingest.add(read, onCommitted),
  });
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

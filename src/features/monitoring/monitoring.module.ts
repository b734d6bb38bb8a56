/** Wires what watches the sensors themselves into the worker role. */
import {
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Metrics } from '../../platform/ops/metrics.ts';
import type { Platform } from '../../platform/start-platform.ts';
import { SensorHealthRepository } from '../../platform/storage/sensor-health-repository.ts';
import { SensorHealthGauge } from './sensor-health-gauge.ts';

@Module({})
export class MonitoringWorkerModule implements OnApplicationBootstrap, OnModuleDestroy {
  static of({ logger }: Platform): DynamicModule {
    return {
      module: MonitoringWorkerModule,
      providers: [
        {
          provide: SensorHealthGauge,
          inject: [SensorHealthRepository, Metrics],
          useFactory: (health: SensorHealthRepository, metrics: Metrics) =>
            new SensorHealthGauge(health, metrics, logger),
        },
      ],
    };
  }

  constructor(@Inject(SensorHealthGauge) private readonly gauge: SensorHealthGauge) {}

  onApplicationBootstrap(): void {
    this.gauge.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.gauge.stop();
  }
}

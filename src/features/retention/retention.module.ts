/** Wires the deletion of old readings into the worker role: once at its start, then every night. */
import { Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { sensors } from '../../catalogue/sensors/sensors.ts';
import { CLEAR_READINGS } from '../../platform/jobs/job-kinds.ts';
import { Jobs } from '../../platform/jobs/jobs.ts';
import { PLATFORM } from '../../platform/platform.module.ts';
import type { Platform } from '../../platform/start-platform.ts';
import { describeRetention } from '../../platform/storage/describe-retention.ts';
import { ReadingRetention } from '../../platform/storage/reading-retention.ts';
import { retentionDays } from '../../settings.ts';

/** UTC. */
const HOUR = 3;

@Module({})
export class RetentionWorkerModule implements OnApplicationBootstrap, OnModuleDestroy {
  private stopping = false;

  constructor(
    @Inject(Jobs) private readonly jobs: Jobs,
    @Inject(PLATFORM) private readonly platform: Platform,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { logger, migration, settings } = this.platform;
    logger.info(describeRetention(retentionDays(settings), migration.flavour));
    this.jobs.work(CLEAR_READINGS, () => this.clear());
    await this.jobs.sendDaily(CLEAR_READINGS, {}, HOUR);
    await this.jobs.send(CLEAR_READINGS, {});
  }

  onModuleDestroy(): void {
    this.stopping = true;
  }

  /** Also where nothing is set: what was set before may have left rollups that are not brought up any more. */
  private async clear(): Promise<void> {
    const { database, logger, settings } = this.platform;
    const retention = new ReadingRetention(database);
    for (const sensor of sensors) {
      const isStopping = () => this.stopping;
      const options = { days: retentionDays(settings), now: new Date(), isStopping };
      for (const { relation, before, deleted } of await retention.clear(sensor, options)) {
        if (deleted > 0) logger.info({ relation, before, deleted }, 'deleted what need not be kept any more');
      }
    }
  }
}

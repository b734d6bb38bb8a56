/** Wires the deletion of old readings and their scores into the worker role: once at its start, then every night. */
import { Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { sensors } from '../../catalogue/sensors/sensors.ts';
import { CLEAR_READINGS } from '../../platform/jobs/job-kinds.ts';
import { Jobs } from '../../platform/jobs/jobs.ts';
import { PLATFORM } from '../../platform/platform.module.ts';
import type { Platform } from '../../platform/start-platform.ts';
import { describeRetention } from '../../platform/storage/describe-retention.ts';
import { ReadingRetention, type Cleared } from '../../platform/storage/reading-retention.ts';
import { ScoreRetention } from '../../platform/storage/score-retention.ts';
import { retentionDays } from '../../settings.ts';

/** UTC. */
const HOUR = 3;
const DAY_MS = 86_400_000;

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

  /** Scores go with the readings. Also where nothing is set: what was set before may have left rollups that are not brought up any more. */
  private async clear(): Promise<void> {
    const { database, settings } = this.platform;
    const [days, now, isStopping] = [retentionDays(settings), new Date(), () => this.stopping];
    const retention = new ReadingRetention(database);
    for (const sensor of sensors) this.tell(await retention.clear(sensor, { days, now, isStopping }));
    if (days.readings === null) return;
    const before = new Date(now.getTime() - days.readings * DAY_MS);
    this.tell(await new ScoreRetention(database).clear(before, isStopping));
  }

  private tell(cleared: readonly Cleared[]): void {
    for (const { relation, before, deleted } of cleared) {
      if (deleted === 0) continue;
      this.platform.logger.info({ relation, before, deleted }, 'deleted what need not be kept any more');
    }
  }
}

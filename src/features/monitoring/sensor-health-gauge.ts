/** Keeps the number of sensors in each state of health where Prometheus reads it. */
import { logFailure } from '../../platform/ops/log-failure.ts';
import type { Logger } from '../../platform/ops/logger.ts';
import type { Metrics } from '../../platform/ops/metrics.ts';
import type { SensorHealthRepository } from '../../platform/storage/sensor-health-repository.ts';

/** Counting takes a second for a thousand sensors. */
const REFRESH_MS = 60_000;

export class SensorHealthGauge {
  private timer: NodeJS.Timeout | undefined;
  private underWay: Promise<void> = Promise.resolve();
  private failing = false;
  private stopped = false;

  constructor(
    private readonly health: Pick<SensorHealthRepository, 'countByState'>,
    private readonly metrics: Pick<Metrics, 'sensorsByState'>,
    private readonly logger: Pick<Logger, 'error' | 'info' | 'warn'>,
  ) {}

  /** Counts at once, then a minute after each count, so that slow ones never pile up. */
  start(): void {
    this.underWay = this.refresh().finally(() => {
      if (!this.stopped) this.timer = setTimeout(() => this.start(), REFRESH_MS);
    });
  }

  /** Resolves when the count under way is finished. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.underWay;
  }

  private async refresh(): Promise<void> {
    try {
      const counts = await this.health.countByState();
      for (const [state, sensors] of Object.entries(counts))
        this.metrics.sensorsByState.set({ state }, sensors);
      if (this.failing) this.logger.info('sensors are counted again');
      this.failing = false;
    } catch (error) {
      // The numbers of before would look like those of now.
      this.metrics.sensorsByState.reset();
      if (!this.failing) logFailure(this.logger, error, {}, "sensors can't be counted by state");
      this.failing = true;
    }
  }
}

/** Keeps scoring while the platform runs: at once while there is work, else looking again shortly. */
import { logFailure } from '../../platform/ops/log-failure.ts';
import type { Logger } from '../../platform/ops/logger.ts';
import type { Scoring } from './scoring.ts';

const IDLE_MS = 300;
const AFTER_FAILURE_MS = 2_000;

export class ScoringLoop {
  private stopping = false;
  private running: Promise<void> = Promise.resolve();
  private failing = false;

  constructor(
    private readonly scoring: Scoring,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.running = this.run();
  }

  /** Resolves when the batch being scored is finished. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      const pause = await this.scoreOnce();
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  private async scoreOnce(): Promise<number> {
    try {
      const scored = await this.scoring.scoreBatch();
      if (this.failing) this.logger.info('scoring goes on');
      this.failing = false;
      return scored > 0 ? 0 : IDLE_MS;
    } catch (error) {
      if (!this.failing) logFailure(this.logger, error, {}, 'scoring failed; it is tried again');
      this.failing = true;
      return AFTER_FAILURE_MS;
    }
  }
}

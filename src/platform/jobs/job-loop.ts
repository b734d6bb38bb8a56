/** Works on the jobs of one queue, several at once where that pays, and rests only while none waits. */
import { setTimeout as sleep } from 'node:timers/promises';

/** How soon a job that comes while none waits is seen. */
const REST_MS = 500;
/** While the queue can't be asked. */
const OUTAGE_REST_MS = 2_000;

export interface JobLoopParts<Job> {
  /** Hands out a job, and to nobody else; undefined while none waits. */
  readonly take: () => Promise<Job | undefined>;
  /** Runs it and says in the queue what became of it. */
  readonly run: (job: Job) => Promise<void>;
  /** Told once when the queue can no longer be asked, and with null when it can again. */
  readonly onOutage: (cause: unknown) => void;
}

export class JobLoop<Job> {
  private readonly ending = new AbortController();
  private readonly running = new Set<Job>();
  private readonly lanes: readonly Promise<void>[];
  private isOut = false;

  /** @param atOnce jobs in work at the same time */
  constructor(
    private readonly parts: JobLoopParts<Job>,
    atOnce: number,
  ) {
    this.lanes = Array.from({ length: atOnce }, () => this.goOn());
  }

  /** Takes no further job; fulfilled when those in work are done. */
  async stop(): Promise<void> {
    this.ending.abort();
    await Promise.all(this.lanes);
  }

  /** Jobs in work now. */
  inWork(): readonly Job[] {
    return [...this.running];
  }

  private async goOn(): Promise<void> {
    while (!this.ending.signal.aborted) {
      try {
        const job = await this.parts.take();
        if (job === undefined) await this.rest(REST_MS);
        else await this.runOne(job);
        this.note(null);
      } catch (cause) {
        this.note(cause);
        await this.rest(OUTAGE_REST_MS);
      }
    }
  }

  private async runOne(job: Job): Promise<void> {
    this.running.add(job);
    try {
      await this.parts.run(job);
    } finally {
      this.running.delete(job);
    }
  }

  private note(cause: unknown): void {
    const isOut = cause !== null;
    if (isOut !== this.isOut && !this.ending.signal.aborted) this.parts.onOutage(cause);
    this.isOut = isOut;
  }

  private async rest(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.ending.signal }).catch(() => {});
  }
}

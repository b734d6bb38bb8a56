/** Keeps rejected messages so that a flood of them costs good readings little: few at once, many put by for later. */
import { logFailure } from '../../platform/ops/log-failure.ts';
import type { Logger } from '../../platform/ops/logger.ts';
import type { Queryable } from '../../platform/storage/database.ts';
import { isOutage } from '../../platform/storage/outage.ts';
import { putMessagesBy } from '../../platform/storage/rejected-batches.ts';
import { storeRejectedMessages } from '../../platform/storage/rejected-message-repository.ts';
import { canBeReadAgain, toRejectedMessage, type ReadMessage, type SentMessage } from './read-message.ts';
import type { SortInBatch } from './sort-in-rejected.ts';

/** A tenth of a full batch of single readings. */
const MOST_AT_ONCE = 200;
/** While more go on coming, sorting in rests so many times as long as it worked: good readings need the database. */
const REST = 63;
/** No batch had too many for so long: the flood is over, and the rest is sorted in without rests. */
const FLOOD_OVER_MS = 1_000;
/** So often it is looked whether a process that is no more left some behind. */
const LOOK_MS = 60_000;
const RETRY_MS = 1_000;

export class RejectedBacklog {
  private running: Promise<void> | undefined;
  private stopping = false;
  private givenUp = false;
  private failing = false;
  /** Since the first was put by until all are in. */
  private behind = false;
  private lastPutBy = -Infinity;
  private idle = false;
  private endPause: (() => void) | undefined;

  constructor(
    private readonly database: Queryable,
    private readonly sortInBatch: SortInBatch,
    private readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>,
  ) {}

  /** Committed when it returns: where they belong, or put by. */
  async keep(refused: readonly ReadMessage[]): Promise<void> {
    if (refused.length <= MOST_AT_ONCE) return this.keepAtOnce(refused);
    const messages: SentMessage[] = [];
    const others: ReadMessage[] = [];
    for (const read of refused) {
      if (canBeReadAgain(read)) messages.push(read.message);
      else others.push(read);
    }
    await Promise.all([this.putBy(messages), this.keepAtOnce(others)]);
  }

  private async keepAtOnce(refused: readonly ReadMessage[]): Promise<void> {
    await storeRejectedMessages(this.database, refused.map(toRejectedMessage));
  }

  private async putBy(messages: readonly SentMessage[]): Promise<void> {
    if (messages.length === 0) return;
    await putMessagesBy(this.database, messages);
    this.lastPutBy = performance.now();
    if (!this.behind) {
      this.behind = true;
      this.logger.warn(
        { messages: messages.length },
        'a flood of messages is rejected: they are put by, and are in rejected_message some time later',
      );
    }
    if (this.idle) this.endPause?.();
  }

  /** Begins with what was left behind. */
  start(): void {
    this.running ??= this.sortIn();
  }

  /** Sorts in what is left; what takes longer than `limitMs` waits in the database for the next start. */
  async stop(limitMs: number): Promise<void> {
    this.stopping = true;
    this.endPause?.();
    let limit: NodeJS.Timeout | undefined;
    const tooLate = new Promise<void>((resolve) => {
      limit = setTimeout(() => {
        this.givenUp = true;
        resolve();
      }, limitMs);
    });
    await Promise.race([this.running, tooLate]);
    clearTimeout(limit);
  }

  private async sortIn(): Promise<void> {
    while (!this.givenUp && (this.behind || !this.stopping)) {
      const startedAt = performance.now();
      const outcome = await this.sortInOne();
      if (this.stopping && outcome !== 'sorted') return;
      if (outcome === 'failed') await this.pause(RETRY_MS);
      else if (outcome === 'none') await this.waitForMore();
      else if (this.flooded) await this.pause(REST * (performance.now() - startedAt));
    }
  }

  private get flooded(): boolean {
    return !this.stopping && performance.now() - this.lastPutBy < FLOOD_OVER_MS;
  }

  private async sortInOne(): Promise<'sorted' | 'none' | 'failed'> {
    try {
      const sorted = await this.sortInBatch();
      this.failing = false;
      return sorted ? 'sorted' : 'none';
    } catch (error) {
      // In an outage others complain; here it matters only when something waits.
      if (!this.failing && (this.behind || !isOutage(error))) {
        logFailure(this.logger, error, {}, "what was put by can't be sorted in: it waits");
        this.failing = true;
      }
      return 'failed';
    }
  }

  private async waitForMore(): Promise<void> {
    if (this.behind && !this.flooded) {
      this.behind = false;
      this.logger.info('all that was put by is in rejected_message');
    }
    this.idle = true;
    await this.pause(this.behind ? FLOOD_OVER_MS : LOOK_MS);
    this.idle = false;
    // What woke us is a flood that has only begun.
    if (this.flooded) await this.pause(FLOOD_OVER_MS);
  }

  private async pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.endPause = undefined;
  }
}

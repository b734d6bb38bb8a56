/** Gathers what arrives into batches bounded in size and time, and writes them, few at once, until they are in. */

export interface IngestBatcherOptions<Item> {
  /** A batch is full with this much; one item may be larger. */
  readonly maxSize: number;
  /** The first of a batch waits no longer than this for others. */
  readonly maxDelayMs: number;
  readonly sizeOf: (item: Item) => number;
  /** Batches written at once at most; another is begun only when a full one waits. */
  readonly lanes: number;
  /** Is called again with the same batch until it doesn't throw. @param lane from 0; one batch at a time in each */
  readonly write: (items: readonly Item[], lane: number) => Promise<void>;
  /** Told once when writing begins to fail, and once when it works again. */
  readonly onStalled: (error: unknown, waiting: number) => void;
  readonly onRecovered: (stalledMs: number) => void;
}

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;

export class IngestBatcher<Item> {
  private waiting: Item[] = [];
  private waitingSize = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly running = new Map<number, Promise<void>>();
  private readonly pauses = new Set<() => void>();
  private stalledSince: number | undefined;
  private givenUp = false;

  constructor(private readonly options: IngestBatcherOptions<Item>) {}

  /** Whether the last attempt to write failed. */
  get stalled(): boolean {
    return this.stalledSince !== undefined;
  }

  add(item: Item): void {
    this.waiting.push(item);
    this.waitingSize += this.options.sizeOf(item);
    const isFull = this.waitingSize >= this.options.maxSize;
    if (this.running.size === 0) {
      if (isFull) this.run();
      else this.timer ??= setTimeout(() => this.run(), this.options.maxDelayMs);
    } else if (isFull && this.running.size < this.options.lanes && !this.stalled) this.run();
  }

  /**
   * Writes what is waiting.
   *
   * @returns false when that was not possible within `limitMs`; nothing is written any more then
   */
  async drain(limitMs: number): Promise<boolean> {
    const limit = setTimeout(() => {
      this.givenUp = true;
      for (const end of this.pauses) end();
    }, limitMs);
    if (this.running.size === 0 && this.waiting.length > 0) this.run();
    await Promise.all(this.running.values());
    clearTimeout(limit);
    return this.waiting.length === 0 && !this.givenUp;
  }

  private run(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    let lane = 0;
    while (this.running.has(lane)) lane++;
    this.running.set(lane, this.writeAll(this.take(), lane));
  }

  private async writeAll(first: Item[], lane: number): Promise<void> {
    await this.writeUntilIn(first, lane);
    while (this.mayGoOn()) await this.writeUntilIn(this.take(), lane);
    // In the same breath as the last look: two lanes that end together must not leave the rest to one another.
    this.running.delete(lane);
  }

  /** The last lane to end takes what is left, full or not; another one leaves it to gather. */
  private mayGoOn(): boolean {
    if (this.waiting.length === 0 || this.givenUp) return false;
    return this.running.size === 1 || this.waitingSize >= this.options.maxSize;
  }

  private take(): Item[] {
    let size = 0;
    let count = 0;
    for (const item of this.waiting) {
      const itemSize = this.options.sizeOf(item);
      if (count > 0 && size + itemSize > this.options.maxSize) break;
      size += itemSize;
      count++;
    }
    this.waitingSize -= size;
    return this.waiting.splice(0, count);
  }

  private async writeUntilIn(batch: Item[], lane: number): Promise<void> {
    for (let pauseMs = FIRST_RETRY_MS; ; pauseMs = Math.min(2 * pauseMs, LAST_RETRY_MS)) {
      try {
        await this.options.write(batch, lane);
        this.recover();
        return;
      } catch (error) {
        this.stall(error, batch.length);
      }
      if (!this.givenUp) await this.pause(pauseMs);
      if (this.givenUp) return;
    }
  }

  private stall(error: unknown, batchLength: number): void {
    if (this.stalledSince !== undefined) return;
    this.stalledSince = Date.now();
    this.options.onStalled(error, batchLength + this.waiting.length);
  }

  private recover(): void {
    if (this.stalledSince === undefined) return;
    const stalledMs = Date.now() - this.stalledSince;
    this.stalledSince = undefined;
    this.options.onRecovered(stalledMs);
  }

  private async pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.pauses.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.pauses.add(end);
    });
  }
}

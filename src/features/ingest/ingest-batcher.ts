/** Gathers what arrives into batches bounded in size and time, and writes them one after the other until they are in. */

export interface IngestBatcherOptions<Item> {
  /** A batch is full with this much; one item may be larger. */
  readonly maxSize: number;
  /** The first of a batch waits no longer than this for others. */
  readonly maxDelayMs: number;
  readonly sizeOf: (item: Item) => number;
  /** Is called again with the same batch until it doesn't throw. */
  readonly write: (items: readonly Item[]) => Promise<void>;
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
  private running: Promise<void> | undefined;
  private stalledSince: number | undefined;
  private givenUp = false;
  private endPause: (() => void) | undefined;

  constructor(private readonly options: IngestBatcherOptions<Item>) {}

  /** Whether the last attempt to write failed. */
  get stalled(): boolean {
    return this.stalledSince !== undefined;
  }

  add(item: Item): void {
    this.waiting.push(item);
    this.waitingSize += this.options.sizeOf(item);
    if (this.running) return;
    if (this.waitingSize >= this.options.maxSize) this.run();
    else this.timer ??= setTimeout(() => this.run(), this.options.maxDelayMs);
  }

  /**
   * Writes what is waiting.
   *
   * @returns false when that was not possible within `limitMs`; nothing is written any more then
   */
  async drain(limitMs: number): Promise<boolean> {
    const limit = setTimeout(() => {
      this.givenUp = true;
      this.endPause?.();
    }, limitMs);
    if (!this.running && this.waiting.length > 0) this.run();
    await this.running;
    clearTimeout(limit);
    return this.waiting.length === 0 && !this.givenUp;
  }

  private run(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.running = this.writeAll().finally(() => (this.running = undefined));
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0 && !this.givenUp) await this.writeUntilIn(this.take());
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

  private async writeUntilIn(batch: Item[]): Promise<void> {
    for (let pauseMs = FIRST_RETRY_MS; ; pauseMs = Math.min(2 * pauseMs, LAST_RETRY_MS)) {
      try {
        await this.options.write(batch);
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
      const timer = setTimeout(resolve, ms);
      this.endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.endPause = undefined;
  }
}

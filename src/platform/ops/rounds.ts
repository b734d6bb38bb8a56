/** Does one thing again and again, with a rest between; trouble is told once, and so is its end. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface RoundParts {
  readonly restMs: number;
  readonly round: (signal: AbortSignal) => Promise<void>;
  /** Told the cause when a round fails after one that did not, and null when one succeeds again. */
  readonly onTrouble: (cause: unknown) => void;
}

export class Rounds {
  private readonly ending = new AbortController();
  private underWay: Promise<void> = Promise.resolve();
  private isTroubled = false;
  private resting = new AbortController();

  constructor(private readonly parts: RoundParts) {}

  start(): void {
    this.underWay = this.goOn();
  }

  /** Resolves when the round under way is finished. */
  async stop(): Promise<void> {
    this.ending.abort();
    this.resting.abort();
    await this.underWay;
  }

  /** Cuts the rest short; during a round, the one after it. */
  soon(): void {
    this.resting.abort();
  }

  private async goOn(): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      const cause: unknown = await this.parts.round(signal).then(
        () => null,
        (error: unknown) => error ?? new Error('failed without a cause'),
      );
      const isTroubled = cause !== null;
      if (isTroubled !== this.isTroubled && !signal.aborted) this.parts.onTrouble(cause);
      this.isTroubled = isTroubled;
      await sleep(this.parts.restMs, undefined, { signal: this.resting.signal }).catch(() => {});
      this.resting = new AbortController();
    }
  }
}

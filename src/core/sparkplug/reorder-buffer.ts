/** Puts the messages of one edge node back into the order of their `seq`, for as long as a gap may still fill. */

interface Accepted<Message> {
  /** In order, to be taken now. */
  readonly ready: readonly Message[];
  /** Its place in the order has passed. */
  readonly late: boolean;
}

/** `seq` counts 0..255 and begins anew; what lies further ahead than half of that lies behind. */
const SEQS = 256;

export class ReorderBuffer<Message> {
  private next = 0;
  private held = new Map<number, Message>();
  private waitingSinceMs: number | null = null;

  /** @param timeoutMs how long a gap is waited for; 0 where the broker keeps the order over topics */
  constructor(private readonly timeoutMs: number) {}

  get waiting(): boolean {
    return this.waitingSinceMs !== null;
  }

  /** A birth: the count goes on from its `seq`. */
  restart(seq: number): void {
    this.next = (seq + 1) % SEQS;
    this.held.clear();
    this.waitingSinceMs = null;
  }

  accept(seq: number, message: Message, nowMs: number): Accepted<Message> {
    if (seq !== this.next) {
      this.waitingSinceMs ??= nowMs;
      const behind = this.ahead(seq) >= SEQS / 2 || this.held.has(seq);
      if (!behind) this.held.set(seq, message);
      return { ready: [], late: behind };
    }
    const ready = [message];
    this.advance();
    for (let held = this.held.get(this.next); held !== undefined; held = this.held.get(this.next)) {
      ready.push(held);
      this.held.delete(this.next);
      this.advance();
    }
    // The gap is filled; what is still held waits behind another, which has its own time.
    this.waitingSinceMs = this.held.size > 0 ? nowMs : null;
    return { ready, late: false };
  }

  /** @returns what was held, when the gap was waited for long enough; null before */
  expire(nowMs: number): readonly Message[] | null {
    if (this.waitingSinceMs === null || nowMs - this.waitingSinceMs < this.timeoutMs) return null;
    return this.release();
  }

  /** Gives up the gap: what was held, in order; the count goes on behind it. */
  release(): readonly Message[] {
    const held = [...this.held].sort(([one], [other]) => this.ahead(one) - this.ahead(other));
    const last = held.at(-1);
    if (last) this.next = (last[0] + 1) % SEQS;
    this.held.clear();
    this.waitingSinceMs = null;
    return held.map(([, message]) => message);
  }

  private ahead(seq: number): number {
    return (seq - this.next + SEQS) % SEQS;
  }

  private advance(): void {
    this.next = (this.next + 1) % SEQS;
  }
}

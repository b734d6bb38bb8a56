/**
 * Brings the metrics of one instant together that an edge node sends in several messages.
 *
 * Sparkplug sends what changes, often a message for each metric. What comes later completes the stored reading, which
 * costs more and may come after it was scored.
 */
import type { Reading } from '../../../core/domain/reading.ts';
import type { ReadMessage } from '../read-message.ts';

interface Waiting {
  readonly read: ReadMessage;
  readonly sinceMs: number;
}

export class MergeWindow {
  /** By sensor and instant, in the order of arrival. */
  private readonly waiting = new Map<string, Waiting>();

  /**
   * @param windowMs how long a reading waits for its other metrics
   * @param store takes readings whose time is over, and what is rejected at once
   */
  constructor(
    private readonly windowMs: number,
    private readonly store: (read: ReadMessage) => void,
  ) {}

  get size(): number {
    return this.waiting.size;
  }

  add(read: ReadMessage, nowMs: number): void {
    if (read.rejections.length > 0) this.store({ ...read, readings: [] });
    for (const reading of read.readings) {
      const key = `${reading.kind} ${reading.sensorId} ${reading.observedAt.getTime()}`;
      const before = this.waiting.get(key);
      const merged = merge(before?.read.readings[0], reading);
      // The place is that of the message that came last: it is checked against the registered one.
      this.waiting.set(key, {
        read: { ...read, readings: [merged], rejections: [] },
        sinceMs: before?.sinceMs ?? nowMs,
      });
    }
  }

  elapse(nowMs: number): void {
    for (const [key, { read, sinceMs }] of this.waiting) {
      // Those behind came later.
      if (nowMs < sinceMs + this.windowMs) return;
      this.waiting.delete(key);
      this.store(read);
    }
  }

  flush(): void {
    this.elapse(Infinity);
  }
}

/** What came first stays, as it does in the database. */
function merge(first: Reading | undefined, second: Reading): Reading {
  if (!first) return second;
  const values = { ...first.values };
  for (const [channel, value] of Object.entries(second.values)) values[channel] ??= value;
  return { ...first, values };
}

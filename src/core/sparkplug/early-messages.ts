/**
 * Data that only a birth explains and that came before it, as after a restart of ours: held until the edge node has
 * answered, within bounds.
 */
import type { NodeMessage } from './node-message.ts';

export interface HoldingLimits {
  readonly messages: number;
  /** Of payloads as they came; decoded they take some ten times as much. */
  readonly bytes: number;
}

/** An edge node sends its births at once; one that has not by then may have begun anew meanwhile. */
export const ANSWER_LIMIT_MS = 10_000;

/** Room for what is held, of all edge nodes together. */
export class HoldingRoom {
  private messages = 0;
  private bytes = 0;

  constructor(private readonly limits: HoldingLimits = { messages: 10_000, bytes: 4 << 20 }) {}

  /** @returns false where there is no room */
  enter({ sent }: NodeMessage): boolean {
    if (this.messages >= this.limits.messages) return false;
    if (this.bytes + sent.payload.length > this.limits.bytes) return false;
    this.messages++;
    this.bytes += sent.payload.length;
    return true;
  }

  leave({ sent }: NodeMessage): void {
    this.messages--;
    this.bytes -= sent.payload.length;
  }
}

export class EarlyMessages {
  /** By device, null for the edge node itself. */
  private readonly heldOf = new Map<string | null, NodeMessage[]>();
  private askedAtMs: number | null = null;

  constructor(private readonly room: HoldingRoom) {}

  get waiting(): boolean {
    return this.heldOf.size > 0;
  }

  waitsFor(device: string | null): boolean {
    return this.heldOf.has(device);
  }

  /** @returns false where there is no room for it */
  hold(message: NodeMessage): boolean {
    if (!this.room.enter(message)) return false;
    const { device } = message.topic;
    const held = this.heldOf.get(device);
    if (held) held.push(message);
    else this.heldOf.set(device, [message]);
    return true;
  }

  /** The node was asked for its births: from now on it has its time to answer. */
  noteAsked(nowMs: number): void {
    if (this.waiting) this.askedAtMs ??= nowMs;
  }

  /** What waited for one birth, in the order of arrival. */
  release(device: string | null): readonly NodeMessage[] {
    const held = this.heldOf.get(device) ?? [];
    this.heldOf.delete(device);
    for (const message of held) this.room.leave(message);
    if (!this.waiting) this.askedAtMs = null;
    return held;
  }

  releaseAll(): readonly NodeMessage[] {
    return [...this.heldOf.keys()].flatMap((device) => this.release(device));
  }

  /** All of it, once the answer has not come in time. */
  expire(nowMs: number): readonly NodeMessage[] {
    const isOver = this.askedAtMs !== null && nowMs >= this.askedAtMs + ANSWER_LIMIT_MS;
    return isOver ? this.releaseAll() : [];
  }
}

/** Keeps requests for births from becoming a storm: a pause for each node that grows, and a limit for all together. */

export interface RebirthLimits {
  /** A node has this long to answer before it is asked again. */
  readonly firstPauseMs: number;
  /** The pause doubles with each request until it is this long; after twice as long in peace it is short again. */
  readonly lastPauseMs: number;
  /** Births are the largest messages there are: after a restart of ours all nodes would send them at once. */
  readonly mostPerSecond: number;
}

export const REBIRTH_LIMITS: RebirthLimits = { firstPauseMs: 5_000, lastPauseMs: 300_000, mostPerSecond: 50 };

interface Asked {
  readonly atMs: number;
  readonly pauseMs: number;
}

export class RebirthThrottle {
  private readonly asked = new Map<string, Asked>();
  private secondBeganMs = -Infinity;
  private inThisSecond = 0;

  constructor(private readonly limits: RebirthLimits) {}

  /** @returns whether to ask now; it then counts as asked */
  allow(node: string, nowMs: number): boolean {
    const { firstPauseMs, lastPauseMs, mostPerSecond } = this.limits;
    const last = this.asked.get(node);
    if (last && nowMs < last.atMs + last.pauseMs) return false;
    if (nowMs >= this.secondBeganMs + 1_000) {
      this.secondBeganMs = nowMs;
      this.inThisSecond = 0;
    }
    if (this.inThisSecond >= mostPerSecond) return false;
    this.inThisSecond++;
    const inPeace = !last || nowMs > last.atMs + 2 * lastPauseMs;
    const pauseMs = inPeace ? firstPauseMs : Math.min(2 * last.pauseMs, lastPauseMs);
    this.asked.set(node, { atMs: nowMs, pauseMs });
    return true;
  }
}

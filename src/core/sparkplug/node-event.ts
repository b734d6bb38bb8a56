/** What messages of edge nodes, and the passing of time, come to: for whoever stores, logs and asks. */
import type { NodeMessage } from './node-message.ts';
import type { MetricValue } from './read-value.ts';
import type { Source } from './sparkplug-topic.ts';

/** A metric with its name and a value that means what its birth said. */
export interface ReadMetric {
  readonly name: string;
  /** Its own, or else the message's. */
  readonly timestampMs: number | null;
  /** Null where it was sent as null. */
  readonly value: MetricValue | null;
  readonly isHistorical: boolean;
  readonly isTransient: boolean;
  /** 0 bad, 192 good, 500 stale; null where nothing was said of it. */
  readonly quality: number | null;
}

/** A metric of which the value can't be known. */
export interface UnreadMetric {
  /** Null behind an alias that is of no birth. */
  readonly name: string | null;
  /** One sentence. */
  readonly reason: string;
}

/** Values of births and of data alike. */
export interface ValuesEvent {
  readonly kind: 'values';
  readonly source: Source;
  readonly metrics: readonly ReadMetric[];
  readonly unread: readonly UnreadMetric[];
  /**
   * Whether every message of the session before this one was seen, in order. A historian takes what is not as well;
   * what follows the order of events must not.
   */
  readonly inOrder: boolean;
  readonly sent: NodeMessage['sent'];
}

export type NodeEvent =
  | ValuesEvent
  /** `again` where it was there already. */
  | { readonly kind: 'birth'; readonly source: Source; readonly again: boolean }
  /** From now on all its metrics are stale. */
  | { readonly kind: 'death'; readonly source: Source; readonly atMs: number }
  /** Ask this edge node for its births. */
  | { readonly kind: 'rebirth'; readonly source: Source; readonly reason: string };

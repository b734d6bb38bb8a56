/** All edge nodes that a host application knows through one broker, and which of them to ask for their births. */
import { EdgeNode } from './edge-node.ts';
import { HoldingRoom } from './early-messages.ts';
import type { NodeEvent } from './node-event.ts';
import type { NodeMessage } from './node-message.ts';
import { RebirthThrottle, type RebirthLimits } from './rebirth-throttle.ts';
import { describeSource, type Source } from './sparkplug-topic.ts';

interface Entry {
  readonly source: Source;
  readonly node: EdgeNode;
}

export class EdgeNodes {
  private readonly entries = new Map<string, Entry>();
  /** Those that time alone can change. */
  private readonly waiting = new Map<string, Entry>();
  private readonly throttle: RebirthThrottle;
  private readonly room = new HoldingRoom();

  constructor(
    private readonly reorderTimeoutMs: number,
    limits: RebirthLimits,
  ) {
    this.throttle = new RebirthThrottle(limits);
  }

  take(message: NodeMessage, nowMs: number): readonly NodeEvent[] {
    const { group, node, verb } = message.topic;
    // Commands, our own among them, come from hosts: they are no sign of a node.
    if (verb === 'NCMD' || verb === 'DCMD') return [];
    const source = { group, node, device: null };
    const key = describeSource(source);
    let entry = this.entries.get(key);
    if (!entry) {
      entry = { source, node: new EdgeNode({ group, node }, this.reorderTimeoutMs, this.room) };
      this.entries.set(key, entry);
    }
    return this.settle(key, entry, entry.node.take(message, nowMs), nowMs);
  }

  /** To be called often: a gap is given up, or a node asked, at the first call after its time. */
  elapse(nowMs: number): readonly NodeEvent[] {
    return [...this.waiting].flatMap(([key, entry]) =>
      this.settle(key, entry, entry.node.elapse(nowMs), nowMs),
    );
  }

  /** Nothing is known of the nodes any more, until each is born again. */
  loseServer(nowMs: number): readonly NodeEvent[] {
    this.waiting.clear();
    return [...this.entries.values()].flatMap(({ node }) => node.lose(nowMs));
  }

  find(group: string, node: string): EdgeNode | undefined {
    return this.entries.get(describeSource({ group, node, device: null }))?.node;
  }

  private settle(
    key: string,
    entry: Entry,
    events: readonly NodeEvent[],
    nowMs: number,
  ): readonly NodeEvent[] {
    const { source, node } = entry;
    const reason = node.rebirthWanted;
    const asks = reason !== null && this.throttle.allow(key, nowMs);
    if (asks) node.noteAsked(nowMs);
    if (node.waiting) this.waiting.set(key, entry);
    else this.waiting.delete(key);
    return asks ? [...events, { kind: 'rebirth', source, reason }] : events;
  }
}

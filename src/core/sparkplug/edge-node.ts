/** The session of one edge node and its devices, as a host application sees it: births, deaths, order, staleness. */
import { expandTemplates } from './expand-templates.ts';
import type { NodeEvent, ReadMetric, UnreadMetric } from './node-event.ts';
import type { NodeMessage } from './node-message.ts';
import { NodeMetrics, type KnownMetric } from './node-metrics.ts';
import type { Metric } from './payload.ts';
import { ReorderBuffer } from './reorder-buffer.ts';
import type { Source } from './sparkplug-topic.ts';

export interface Presence {
  readonly online: boolean;
  /** When it came or went; null for what was never born. */
  readonly sinceMs: number | null;
}

const UNBORN: Presence = { online: false, sinceMs: null };
const BIRTH_DEATH_SEQ = 'bdSeq';

export class EdgeNode {
  private state = UNBORN;
  /** Of the birth; null where it had none. */
  private bdSeq: bigint | null = null;
  private readonly deviceStates = new Map<string, Presence>();
  private readonly known = new NodeMetrics();
  private readonly order: ReorderBuffer<NodeMessage>;
  /** A message of this session was missed. */
  private incomplete = false;
  private wanted: string | null = null;
  private events: NodeEvent[] = [];

  constructor(
    private readonly id: Pick<Source, 'group' | 'node'>,
    reorderTimeoutMs: number,
  ) {
    this.order = new ReorderBuffer(reorderTimeoutMs);
  }

  get presence(): Presence {
    return this.state;
  }

  get devices(): ReadonlyMap<string, Presence> {
    return this.deviceStates;
  }

  get metrics(): readonly KnownMetric[] {
    return this.known.all();
  }

  /** Why the node must be asked for its births; null when it need not be. */
  get rebirthWanted(): string | null {
    return this.wanted;
  }

  /** Whether time alone can change something. */
  get waiting(): boolean {
    return this.order.waiting || this.wanted !== null;
  }

  take(message: NodeMessage, nowMs: number): readonly NodeEvent[] {
    const { verb } = message.topic;
    if (verb === 'NBIRTH') this.bear(message, nowMs);
    else if (verb === 'NDEATH') this.takeDeath(message, nowMs);
    else if (verb !== 'NCMD' && verb !== 'DCMD') this.takeInOrder(message, nowMs);
    this.expire(nowMs);
    return this.handOut();
  }

  elapse(nowMs: number): readonly NodeEvent[] {
    this.expire(nowMs);
    return this.handOut();
  }

  /** The node died, or the broker through which we know of it is gone. */
  die(atMs: number): readonly NodeEvent[] {
    this.end(atMs);
    return this.handOut();
  }

  /** It was asked. One that is unborn says by its next data whether it still needs to be. */
  noteAsked(): void {
    if (!this.state.online) this.wanted = null;
  }

  private bear(message: NodeMessage, nowMs: number): void {
    const { payload } = message;
    // What was sent after this birth and came before it has its place behind it: it may use the new aliases.
    const ahead: NodeMessage[] = [];
    for (const held of this.order.release()) {
      if ((held.payload.timestampMs ?? -Infinity) >= (payload.timestampMs ?? Infinity)) ahead.push(held);
      else this.deliver(held, nowMs, false);
    }
    this.known.restart(nowMs);
    for (const [device, { online }] of this.deviceStates) {
      if (online) this.deviceStates.set(device, { online: false, sinceMs: nowMs });
    }
    this.bdSeq = readBirthDeathSeq(payload.metrics);
    this.incomplete = false;
    this.wanted = null;
    this.order.restart(payload.seq ?? 0);
    this.deliver(message, nowMs, true);
    for (const held of ahead) this.takeInOrder(held, nowMs);
  }

  /** A will may come after the birth of the next session: only the death of this one counts. */
  private takeDeath({ payload }: NodeMessage, nowMs: number): void {
    const bdSeq = readBirthDeathSeq(payload.metrics);
    if (this.bdSeq !== null && bdSeq !== this.bdSeq) return;
    this.end(nowMs);
  }

  private takeInOrder(message: NodeMessage, nowMs: number): void {
    const { seq } = message.payload;
    if (!this.state.online) {
      this.wanted ??= 'it sent data before its birth';
      this.deliver(message, nowMs, false, 'late');
      return;
    }
    if (seq === null) {
      this.wanted ??= 'it sent a message without seq';
      this.deliver(message, nowMs, false);
      return;
    }
    const { ready, late } = this.order.accept(seq, message, nowMs);
    for (const each of ready) this.deliver(each, nowMs, !this.incomplete);
    if (late) this.deliver(message, nowMs, false, 'late');
  }

  private expire(nowMs: number): void {
    const held = this.order.expire(nowMs);
    if (!held) return;
    this.incomplete = true;
    this.wanted ??= 'a message of it is missing';
    for (const message of held) this.deliver(message, nowMs, false);
  }

  private end(atMs: number): void {
    for (const message of this.order.release()) this.deliver(message, atMs, false);
    this.wanted = null;
    if (!this.state.online) return;
    this.state = { online: false, sinceMs: atMs };
    this.known.markStale(null, atMs);
    for (const device of this.deviceStates.keys()) this.endDevice(device, atMs);
    this.events.push({ kind: 'death', source: { ...this.id, device: null }, atMs });
  }

  /** @param late births and deaths whose time has passed change nothing any more; their values are values */
  private deliver(message: NodeMessage, nowMs: number, inOrder: boolean, late?: 'late'): void {
    const { topic, payload, sent } = message;
    const { device, verb } = topic;
    const source = { ...this.id, device };
    if (verb === 'DDEATH') {
      if (!late && device !== null) this.endDevice(device, payload.timestampMs ?? nowMs);
      return;
    }
    const birth = verb === 'NBIRTH' || verb === 'DBIRTH';
    if (birth && !late) {
      const presence = device === null ? this.state : (this.deviceStates.get(device) ?? UNBORN);
      const again = presence.online;
      const born = expandTemplates(payload.metrics, ({ name }) => name);
      this.known.bear(device, born, nowMs);
      if (device === null) this.state = { online: true, sinceMs: nowMs };
      if (device !== null) this.deviceStates.set(device, { online: true, sinceMs: nowMs });
      this.events.push({ kind: 'birth', source, again });
    }
    const metrics: ReadMetric[] = [];
    const unread: UnreadMetric[] = [];
    const sentMetrics = expandTemplates(payload.metrics, (metric) => this.known.nameOf(device, metric));
    for (const metric of sentMetrics) {
      const timestampMs = metric.timestampMs ?? payload.timestampMs;
      const reading = this.known.read(device, { ...metric, timestampMs });
      if ('metric' in reading) metrics.push(reading.metric);
      else unread.push(reading.unread);
      if (!reading.born && !late) this.wanted ??= 'it sent a metric that is in no birth of this session';
    }
    this.events.push({ kind: 'values', source, metrics, unread, inOrder, sent });
  }

  private endDevice(device: string, atMs: number): void {
    if (this.deviceStates.get(device)?.online !== true) return;
    this.deviceStates.set(device, { online: false, sinceMs: atMs });
    this.known.markStale(device, atMs);
    this.events.push({ kind: 'death', source: { ...this.id, device }, atMs });
  }

  private handOut(): readonly NodeEvent[] {
    const events = this.events;
    this.events = [];
    return events;
  }
}

function readBirthDeathSeq(metrics: readonly Metric[]): bigint | null {
  const wire = metrics.find(({ name }) => name === BIRTH_DEATH_SEQ)?.wire;
  return wire?.field === 'long' || wire?.field === 'int' ? BigInt(wire.value) : null;
}

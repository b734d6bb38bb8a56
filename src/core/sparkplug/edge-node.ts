/** The session of one edge node and its devices, as a host application sees it: births, deaths, order, staleness. */
import { EarlyMessages, HoldingRoom } from './early-messages.ts';
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
  /** Nothing is known of its session: we have just come, or were cut off from it. */
  private unseen = true;
  private readonly early: EarlyMessages;
  private wanted: string | null = null;
  private events: NodeEvent[] = [];

  constructor(
    private readonly id: Pick<Source, 'group' | 'node'>,
    reorderTimeoutMs: number,
    room = new HoldingRoom(),
  ) {
    this.order = new ReorderBuffer(reorderTimeoutMs);
    this.early = new EarlyMessages(room);
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
    return this.order.waiting || this.early.waiting || this.wanted !== null;
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

  /** The broker through which we know of it is gone. */
  lose(atMs: number): readonly NodeEvent[] {
    this.end(atMs);
    this.unseen = true;
    return this.handOut();
  }

  /** It was asked. One that is unborn says by its next data whether it still needs to be. */
  noteAsked(nowMs: number): void {
    this.early.noteAsked(nowMs);
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
    this.unseen = false;
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
    for (const message of this.early.expire(nowMs)) {
      // It does not answer: what comes next is not held either.
      this.unseen = false;
      this.readOut(message, false, this.state.online ? undefined : 'late');
    }
    const held = this.order.expire(nowMs);
    if (!held) return;
    this.incomplete = true;
    this.wanted ??= 'a message of it is missing';
    for (const message of held) this.deliver(message, nowMs, false);
  }

  private end(atMs: number): void {
    // What comes after a death may be of the session before or of the next: it is not held for a birth.
    this.unseen = false;
    for (const message of this.order.release()) this.deliver(message, atMs, false);
    for (const message of this.early.releaseAll()) this.readOut(message, false, 'late');
    this.wanted = null;
    if (!this.state.online) return;
    this.state = { online: false, sinceMs: atMs };
    this.known.markStale(null, atMs);
    for (const device of this.deviceStates.keys()) this.endDevice(device, atMs);
    this.events.push({ kind: 'death', source: { ...this.id, device: null }, atMs });
  }

  /** @param late births and deaths whose time has passed change nothing any more; their values are values */
  private deliver(message: NodeMessage, nowMs: number, inOrder: boolean, late?: 'late'): void {
    const { device, verb } = message.topic;
    if (verb === 'DDEATH') {
      if (!late && device !== null) this.endDevice(device, message.payload.timestampMs ?? nowMs);
      return;
    }
    const birth = verb === 'NBIRTH' || verb === 'DBIRTH';
    if (birth && !late) {
      this.takeBirth(message, nowMs);
      this.readOut(message, inOrder);
      for (const held of this.early.release(device)) this.readOut(held, false, 'late');
    } else if (birth || !this.holdForBirth(message)) {
      this.readOut(message, inOrder, late);
    }
  }

  private takeBirth({ topic: { device }, payload }: NodeMessage, nowMs: number): void {
    const presence = device === null ? this.state : (this.deviceStates.get(device) ?? UNBORN);
    const born = expandTemplates(payload.metrics, ({ name }) => name);
    this.known.bear(device, born, nowMs);
    if (device === null) this.state = { online: true, sinceMs: nowMs };
    else this.deviceStates.set(device, { online: true, sinceMs: nowMs });
    this.events.push({ kind: 'birth', source: { ...this.id, device }, again: presence.online });
  }

  private holdForBirth(message: NodeMessage): boolean {
    const { device } = message.topic;
    if (!this.unseen && !this.early.waitsFor(device)) return false;
    const needs = message.payload.metrics.some((metric) => this.known.needsBirth(device, metric));
    return needs && this.early.hold(message);
  }

  private readOut(message: NodeMessage, inOrder: boolean, late?: 'late'): void {
    const { topic, payload, sent } = message;
    const { device } = topic;
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
    this.events.push({ kind: 'values', source: { ...this.id, device }, metrics, unread, inOrder, sent });
  }

  private endDevice(device: string, atMs: number): void {
    for (const message of this.early.release(device)) this.readOut(message, false, 'late');
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

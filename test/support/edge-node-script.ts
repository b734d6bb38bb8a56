/** What an edge node says, in order: the messages of a Sparkplug session with their topics, `seq` and `bdSeq`. */
import { datatypeNumber, type Datatype } from '../../src/core/sparkplug/datatypes.ts';
import type { NodeMessage } from '../../src/core/sparkplug/node-message.ts';
import type { Metric, Payload, WireValue } from '../../src/core/sparkplug/payload.ts';
import { parseSparkplugTopic } from '../../src/core/sparkplug/sparkplug-topic.ts';

export interface ScriptMetric extends Omit<Partial<Metric>, 'name'> {
  readonly name: string;
}

export interface Said {
  readonly topic: string;
  readonly payload: Payload;
}

export const T0 = Date.parse('2026-01-01T00:00:00Z');

export function metricOf(
  name: string,
  datatype: Datatype,
  wire: WireValue,
  more: Omit<Partial<Metric>, 'name'> = {},
): ScriptMetric {
  return { name, datatype: datatypeNumber(datatype), wire, timestampMs: T0, ...more };
}

export function double(name: string, value: number, more: Omit<Partial<Metric>, 'name'> = {}): ScriptMetric {
  return metricOf(name, 'Double', { field: 'double', value }, more);
}

export class EdgeNodeScript {
  private seq = 0;
  private aliases = new Map<string, bigint>();

  /** @param bdSeq of this connection: the same in will and birth */
  constructor(
    readonly group: string,
    readonly node: string,
    public bdSeq = 0,
    private readonly withAliases = true,
  ) {}

  /** A new connection: the next will and birth belong together. */
  reconnect(): void {
    this.bdSeq = (this.bdSeq + 1) % 256;
  }

  /** Lets a message get lost. */
  skip(): void {
    this.seq = (this.seq + 1) % 256;
  }

  death(): Said {
    return this.say('NDEATH', null, [this.bdSeqMetric()], null);
  }

  birth(metrics: readonly ScriptMetric[] = [], timestampMs = T0): Said {
    this.seq = 0;
    this.aliases = new Map();
    const control = metricOf('Node Control/Rebirth', 'Boolean', { field: 'boolean', value: false });
    const all = [this.bdSeqMetric(), control, ...this.asBorn(null, metrics)];
    return this.say('NBIRTH', null, all, this.nextSeq(), timestampMs);
  }

  deviceBirth(device: string, metrics: readonly ScriptMetric[], timestampMs = T0): Said {
    return this.say('DBIRTH', device, this.asBorn(device, metrics), this.nextSeq(), timestampMs);
  }

  deviceDeath(device: string, timestampMs = T0): Said {
    return this.say('DDEATH', device, [], this.nextSeq(), timestampMs);
  }

  data(device: string | null, metrics: readonly ScriptMetric[], timestampMs = T0): Said {
    const sent = metrics.map((metric) => this.asData(device, metric));
    return this.say(device === null ? 'NDATA' : 'DDATA', device, sent, this.nextSeq(), timestampMs);
  }

  private say(
    verb: string,
    device: string | null,
    metrics: readonly Partial<Metric>[],
    seq: number | null,
    timestampMs = T0,
  ): Said {
    const topic = ['spBv1.0', this.group, verb, this.node, ...(device === null ? [] : [device])].join('/');
    return {
      topic,
      payload: { timestampMs, seq, metrics: metrics.map((metric) => ({ ...EMPTY_METRIC, ...metric })) },
    };
  }

  private bdSeqMetric(): ScriptMetric {
    return metricOf('bdSeq', 'Int64', { field: 'long', value: BigInt(this.bdSeq) });
  }

  private asBorn(device: string | null, metrics: readonly ScriptMetric[]): readonly ScriptMetric[] {
    if (!this.withAliases) return metrics;
    return metrics.map((metric) => {
      const alias = BigInt(this.aliases.size + 1);
      this.aliases.set(`${device}/${metric.name}`, alias);
      return { ...metric, alias };
    });
  }

  /** An alias instead of name and datatype where there is one. */
  private asData(device: string | null, metric: ScriptMetric): Partial<Metric> {
    const alias = this.aliases.get(`${device}/${metric.name}`);
    if (alias === undefined) return metric;
    return { ...metric, alias, name: null, datatype: null };
  }

  private nextSeq(): number {
    const { seq } = this;
    this.skip();
    return seq;
  }
}

export const EMPTY_METRIC: Metric = {
  name: null,
  alias: null,
  timestampMs: null,
  datatype: null,
  isHistorical: false,
  isTransient: false,
  isNull: false,
  quality: null,
  wire: null,
};

/** As the host's state machine takes it, without bytes. */
export function asMessage({ topic, payload }: Said): NodeMessage {
  const parsed = parseSparkplugTopic(topic);
  if (parsed.verb === 'STATE') throw new Error('A node sends no STATE.');
  return { topic: parsed, payload, sent: { topic, payload: new Uint8Array(), receivedAt: new Date(T0) } };
}

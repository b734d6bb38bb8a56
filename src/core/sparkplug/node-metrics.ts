/** The metrics that an edge node and its devices were born with: what aliases stand for, and which are stale. */
import { datatypeName, datatypeNumber } from './datatypes.ts';
import type { ReadMetric, UnreadMetric } from './node-event.ts';
import type { Metric } from './payload.ts';
import { datatypeOfWire, readValue } from './read-value.ts';

export interface KnownMetric {
  readonly name: string;
  /** Null for the edge node's own. */
  readonly device: string | null;
  readonly datatype: number | null;
  readonly stale: boolean;
  /** When it became stale, or fresh. */
  readonly sinceMs: number;
}

/** A metric can be named and yet unread: its value is not what its datatype says. */
type Reading = { readonly born: boolean } & (
  { readonly metric: ReadMetric } | { readonly unread: UnreadMetric }
);

export class NodeMetrics {
  private readonly metricsOf = new Map<string | null, Map<string, KnownMetric>>();
  private readonly aliasesOf = new Map<string | null, readonly bigint[]>();
  /** Null where a node gave an alias twice: then it says nothing. */
  private readonly byAlias = new Map<bigint, { device: string | null; name: string } | null>();

  /** The first birth of a node's session: no alias from before is valid, and devices are unborn again. */
  restart(nowMs: number): void {
    this.byAlias.clear();
    this.aliasesOf.clear();
    for (const device of this.metricsOf.keys()) this.markStale(device, nowMs);
  }

  bear(device: string | null, metrics: readonly Metric[], nowMs: number): void {
    for (const alias of this.aliasesOf.get(device) ?? []) this.byAlias.delete(alias);
    const aliases: bigint[] = [];
    const born = new Map<string, KnownMetric>();
    for (const { name, alias, datatype } of metrics) {
      if (name === null) continue;
      born.set(name, { name, device, datatype, stale: false, sinceMs: nowMs });
      if (alias === null) continue;
      aliases.push(alias);
      this.byAlias.set(alias, this.byAlias.has(alias) ? null : { device, name });
    }
    this.aliasesOf.set(device, aliases);
    this.metricsOf.set(device, born);
  }

  markStale(device: string | null, atMs: number): void {
    const metrics = this.metricsOf.get(device);
    if (!metrics) return;
    for (const [name, metric] of metrics) {
      if (!metric.stale) metrics.set(name, { ...metric, stale: true, sinceMs: atMs });
    }
  }

  read(device: string | null, sent: Metric): Reading {
    const known = this.find(device, sent);
    const born = known !== undefined && !known.stale;
    const name = sent.name ?? (born ? known.name : null);
    if (name === null) {
      const reason =
        sent.alias === null ? 'A metric has neither name nor alias.' : `Alias ${sent.alias} is of no birth.`;
      return { born: false, unread: { name, reason } };
    }
    const { timestampMs, isHistorical, isTransient, quality, wire } = sent;
    const rest = { name, timestampMs, isHistorical, isTransient, quality };
    if (sent.isNull || wire === null) return { born, metric: { ...rest, value: null } };
    const unread = (reason: string) => ({ born, unread: { name, reason } });
    const datatype = sent.datatype ?? (born ? known.datatype : null) ?? datatypeFrom(datatypeOfWire(wire));
    if (datatype === null) return unread(`The datatype of '${name}' is not known without its birth.`);
    const value = readValue(datatype, wire);
    if (value === undefined) {
      return unread(`'${name}' is sent as ${wire.field}, which can't be its ${datatypeName(datatype)}.`);
    }
    return { born, metric: { ...rest, value } };
  }

  /** Whether only a birth that has not come says what this is. */
  needsBirth(device: string | null, sent: Metric): boolean {
    const known = this.find(device, sent);
    if (known && !known.stale) return false;
    if (sent.name === null) return sent.alias !== null;
    if (sent.isNull || sent.wire === null) return false;
    return sent.datatype === null && datatypeFrom(datatypeOfWire(sent.wire)) === null;
  }

  /** Null behind an alias that is of no birth, or of one that counts no more. */
  nameOf(device: string | null, sent: Metric): string | null {
    const known = this.find(device, sent);
    return sent.name ?? (known && !known.stale ? known.name : null);
  }

  all(): readonly KnownMetric[] {
    return [...this.metricsOf.values()].flatMap((metrics) => [...metrics.values()]);
  }

  private find(device: string | null, { name, alias }: Metric): KnownMetric | undefined {
    const metrics = this.metricsOf.get(device);
    if (name !== null) return metrics?.get(name);
    const owner = alias === null ? undefined : this.byAlias.get(alias);
    return owner?.device === device ? metrics?.get(owner.name) : undefined;
  }
}

function datatypeFrom(name: ReturnType<typeof datatypeOfWire>): number | null {
  return name === null ? null : datatypeNumber(name);
}

/** Writes a Sparkplug B payload: commands to edge nodes, and what simulated edge nodes say. */
import type { Metric, Payload, WireValue } from '../../core/sparkplug/payload.ts';
import { payloadSchema } from './payload-schema.ts';

export function encodePayload({ timestampMs, seq, metrics }: Payload): Uint8Array {
  return payloadSchema
    .encode(
      payloadSchema.create(
        present({ timestamp: long(timestampMs), seq: long(seq), metrics: metrics.map(fromMetric) }),
      ),
    )
    .finish();
}

function fromMetric(metric: Metric): Record<string, unknown> {
  return present({
    name: metric.name,
    alias: long(metric.alias),
    timestamp: long(metric.timestampMs),
    datatype: metric.datatype,
    isHistorical: metric.isHistorical || null,
    isTransient: metric.isTransient || null,
    isNull: metric.isNull || null,
    properties: metric.quality === null ? null : qualityProperty(metric.quality),
    ...(metric.wire && fromWire(metric.wire)),
  });
}

/** Type 3 is a signed 32-bit integer. */
function qualityProperty(quality: number) {
  return { keys: ['Quality'], values: [{ type: 3, intValue: quality }] };
}

function fromWire(wire: WireValue): Record<string, unknown> {
  switch (wire.field) {
    case 'long':
      return { longValue: long(wire.value) };
    case 'dataset': {
      const { columns, types, rows } = wire.value;
      return {
        datasetValue: {
          numOfColumns: columns.length,
          columns,
          types,
          rows: rows.map((row) => ({ elements: row.map((element) => (element ? fromWire(element) : {})) })),
        },
      };
    }
    case 'template': {
      const { isDefinition, reference, version, metrics } = wire.value;
      return {
        templateValue: present({
          isDefinition,
          templateRef: reference,
          version,
          metrics: metrics.map(fromMetric),
        }),
      };
    }
    case 'extension':
      return { extensionValue: {} };
    case 'int':
    case 'float':
    case 'double':
    case 'boolean':
    case 'string':
    case 'bytes':
      return { [`${wire.field}Value`]: wire.value };
  }
}

/** Protobuf leaves out what is not there; protobufjs takes null for it only in some places. */
function present(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

/** protobufjs takes 64-bit integers in two halves. */
function long(value: number | bigint | null) {
  if (value === null) return null;
  const bits = BigInt(value);
  return { low: Number(bits & 0xffff_ffffn), high: Number(bits >> 32n), unsigned: true };
}

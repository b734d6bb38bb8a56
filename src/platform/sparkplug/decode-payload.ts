/** Reads the bytes of a Sparkplug B payload. */
import protobuf from 'protobufjs/light.js';
import { BadInput } from '../../core/domain/failure.ts';
import type { DataSet, Metric, Payload, Template, WireValue } from '../../core/sparkplug/payload.ts';
import { payloadSchema } from './payload-schema.ts';

/** Decoded messages have the fields of the schema; what was not sent is absent as an own property. */
type Decoded = Readonly<Record<string, unknown>>;

interface Long {
  readonly low: number;
  readonly high: number;
}

/** @throws BadInput when the bytes are no such payload */
export function decodePayload(bytes: Uint8Array): Payload {
  let decoded: Decoded;
  try {
    decoded = payloadSchema.decode(bytes);
  } catch (cause) {
    throw new BadInput(
      'sparkplug-payload-malformed',
      `The payload is no Sparkplug B payload (${(cause as Error).message}): it must be the protobuf message of Sparkplug B 3.0.`,
      {},
      { cause },
    );
  }
  const seq = sent(decoded, 'seq', toBigInt);
  return {
    timestampMs: sent(decoded, 'timestamp', toNumber),
    // Beyond 255 it is wrong, and no number that could follow another.
    seq: seq !== null && seq <= 255n ? Number(seq) : null,
    metrics: list(decoded.metrics).map(toMetric),
  };
}

function toMetric(decoded: Decoded): Metric {
  return {
    name: sent(decoded, 'name', String),
    alias: sent(decoded, 'alias', toBigInt),
    timestampMs: sent(decoded, 'timestamp', toNumber),
    datatype: sent(decoded, 'datatype', Number),
    isHistorical: decoded.isHistorical === true,
    isTransient: decoded.isTransient === true,
    isNull: decoded.isNull === true,
    quality: readQuality(decoded.properties as Decoded | undefined),
    wire: toWire(decoded),
  };
}

function toWire(decoded: Decoded): WireValue | null {
  const field = decoded.value as string | undefined;
  if (field === undefined) return null;
  const value = decoded[field];
  switch (field) {
    case 'intValue':
      return { field: 'int', value: value as number };
    case 'longValue':
      return { field: 'long', value: toBigInt(value) };
    case 'floatValue':
      return { field: 'float', value: value as number };
    case 'doubleValue':
      return { field: 'double', value: value as number };
    case 'booleanValue':
      return { field: 'boolean', value: value as boolean };
    case 'stringValue':
      return { field: 'string', value: value as string };
    case 'bytesValue':
      return { field: 'bytes', value: value as Uint8Array };
    case 'datasetValue':
      return { field: 'dataset', value: toDataSet(value as Decoded) };
    case 'templateValue':
      return { field: 'template', value: toTemplate(value as Decoded) };
    default:
      return { field: 'extension' };
  }
}

function toDataSet(decoded: Decoded): DataSet {
  return {
    columns: list(decoded.columns).map(String),
    types: list(decoded.types).map(Number),
    rows: list(decoded.rows).map((row) => list(row.elements).map(toWire)),
  };
}

function toTemplate(decoded: Decoded): Template {
  return {
    isDefinition: decoded.isDefinition === true,
    reference: sent(decoded, 'templateRef', String),
    version: sent(decoded, 'version', String),
    metrics: list(decoded.metrics).map(toMetric),
  };
}

function readQuality(properties: Decoded | undefined): number | null {
  if (!properties) return null;
  const index = (properties.keys as readonly string[]).indexOf('Quality');
  const value = list(properties.values)[index];
  return value?.value === 'intValue' ? Number(value.intValue) : null;
}

function sent<Value>(decoded: Decoded, field: string, read: (value: unknown) => Value): Value | null {
  return Object.hasOwn(decoded, field) ? read(decoded[field]) : null;
}

function list(value: unknown): readonly Decoded[] {
  return (value ?? []) as readonly Decoded[];
}

/** protobufjs gives 64-bit integers in two halves. */
function toBigInt(value: unknown): bigint {
  if (typeof value === 'number') return BigInt(value);
  const { low, high } = value as Long;
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}

/** Exact for times until the year 287396. */
function toNumber(value: unknown): number {
  return Number(toBigInt(value));
}

/** Nested templates and properties deeper than this are refused rather than overflow the stack. */
protobuf.Reader.recursionLimit = 32;

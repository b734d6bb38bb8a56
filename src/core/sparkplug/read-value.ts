/** What a metric's value means by its datatype, which data leave to the birth to say. */
import { datatypeName, type Datatype } from './datatypes.ts';
import type { DataSet, Template, WireValue } from './payload.ts';
import { readArray } from './read-array.ts';
import { readInteger } from './read-integer.ts';

export type MetricValue =
  | number
  /** 64-bit integers. */
  | bigint
  | boolean
  | string
  | Date
  | Uint8Array
  | readonly (number | bigint | boolean | string)[]
  | DataSet
  | Template;

const INTEGERS: Partial<Record<Datatype, readonly [bits: number, signed: boolean]>> = {
  Int8: [8, true],
  Int16: [16, true],
  Int32: [32, true],
  Int64: [64, true],
  UInt8: [8, false],
  UInt16: [16, false],
  UInt32: [32, false],
  UInt64: [64, false],
};

/** @returns undefined where the value does not fit the datatype, or the datatype is not known */
export function readValue(datatype: number, wire: WireValue): MetricValue | undefined {
  const name = datatypeName(datatype);
  const integer = INTEGERS[name];
  if (integer) {
    if (wire.field !== 'int' && wire.field !== 'long') return undefined;
    const [bits, signed] = integer;
    const value = readInteger(BigInt(wire.value), bits, signed, wire.field === 'int' ? 32 : 64);
    return value === null ? undefined : bits === 64 ? value : Number(value);
  }
  switch (wire.field) {
    case 'float':
    case 'double':
      return name === 'Float' || name === 'Double' ? wire.value : undefined;
    case 'boolean':
      return name === 'Boolean' ? wire.value : undefined;
    case 'string':
      return name === 'String' || name === 'Text' || name === 'UUID' ? wire.value : undefined;
    case 'long':
      return name === 'DateTime' ? new Date(Number(BigInt.asIntN(64, wire.value))) : undefined;
    case 'bytes':
      return name === 'Bytes' || name === 'File' ? wire.value : (readArray(name, wire.value) ?? undefined);
    case 'dataset':
      return name === 'DataSet' ? wire.value : undefined;
    case 'template':
      return name === 'Template' ? wire.value : undefined;
    case 'int':
    case 'extension':
      return undefined;
  }
}

/** A channel takes numbers: 64-bit integers lose what is beyond 2^53, true is 1. */
export function numberOf(value: MetricValue): number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'boolean' ? Number(value) : null;
}

/** Whether the wire alone tells what a value is: an integer's sign it does not tell. */
export function datatypeOfWire(wire: WireValue): Datatype | null {
  switch (wire.field) {
    case 'float':
      return 'Float';
    case 'double':
      return 'Double';
    case 'boolean':
      return 'Boolean';
    case 'string':
      return 'String';
    case 'dataset':
      return 'DataSet';
    case 'template':
      return 'Template';
    case 'int':
    case 'long':
    case 'bytes':
    case 'extension':
      return null;
  }
}

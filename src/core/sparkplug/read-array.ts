/** The array datatypes of Sparkplug B: packed bytes, little endian (specification 3.0, section 6.4.16). */
import type { Datatype } from './datatypes.ts';

type ArrayValue = readonly (number | bigint | boolean | string)[];

interface Element {
  readonly bytes: number;
  readonly read: (view: DataView, offset: number) => number | bigint;
}

const ELEMENTS: Partial<Record<Datatype, Element>> = {
  Int8Array: { bytes: 1, read: (view, offset) => view.getInt8(offset) },
  Int16Array: { bytes: 2, read: (view, offset) => view.getInt16(offset, true) },
  Int32Array: { bytes: 4, read: (view, offset) => view.getInt32(offset, true) },
  Int64Array: { bytes: 8, read: (view, offset) => view.getBigInt64(offset, true) },
  UInt8Array: { bytes: 1, read: (view, offset) => view.getUint8(offset) },
  UInt16Array: { bytes: 2, read: (view, offset) => view.getUint16(offset, true) },
  UInt32Array: { bytes: 4, read: (view, offset) => view.getUint32(offset, true) },
  UInt64Array: { bytes: 8, read: (view, offset) => view.getBigUint64(offset, true) },
  FloatArray: { bytes: 4, read: (view, offset) => view.getFloat32(offset, true) },
  DoubleArray: { bytes: 8, read: (view, offset) => view.getFloat64(offset, true) },
  // Milliseconds since 1970.
  DateTimeArray: { bytes: 8, read: (view, offset) => view.getBigInt64(offset, true) },
};

/** @returns null where the bytes are no such array, or the datatype is no array's */
export function readArray(datatype: Datatype, bytes: Uint8Array): ArrayValue | null {
  if (datatype === 'BooleanArray') return readBooleans(bytes);
  if (datatype === 'StringArray') return readStrings(bytes);
  const element = ELEMENTS[datatype];
  if (!element || bytes.length % element.bytes !== 0) return null;
  const view = viewOf(bytes);
  return Array.from({ length: bytes.length / element.bytes }, (_, index) =>
    element.read(view, index * element.bytes),
  );
}

/** A count in four bytes, then eight values a byte, the first in the highest bit. */
function readBooleans(bytes: Uint8Array): boolean[] | null {
  if (bytes.length < 4) return null;
  const count = viewOf(bytes).getUint32(0, true);
  // Checked before anything of that size is made.
  if (bytes.length - 4 < Math.ceil(count / 8)) return null;
  return Array.from(
    { length: count },
    (_, index) => ((bytes[4 + (index >> 3)]! >> (7 - (index & 7))) & 1) === 1,
  );
}

/** UTF-8, each ended by a zero. */
function readStrings(bytes: Uint8Array): string[] | null {
  if (bytes.length === 0) return [];
  if (bytes[bytes.length - 1] !== 0) return null;
  const strings: string[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(0, start);
    strings.push(new TextDecoder().decode(bytes.subarray(start, end)));
    start = end + 1;
  }
  return strings;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

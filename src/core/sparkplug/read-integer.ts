/** Integers of Sparkplug B: unsigned on the wire, in two's complement where the datatype is signed. */

/**
 * A signed one may come as wide as its datatype or extended to the width of the wire: -1 of Int8 is 0xff to some edge
 * nodes and 0xffffffff to others.
 *
 * @param bits width of the datatype
 * @param wireBits 32 or 64, width of the field that it came in
 * @returns null where the value can't be of that datatype
 */
export function readInteger(raw: bigint, bits: number, signed: boolean, wireBits: 32 | 64): bigint | null {
  if (raw < 1n << BigInt(bits)) return signed ? BigInt.asIntN(bits, raw) : raw;
  if (!signed) return null;
  const extended = BigInt.asIntN(wireBits, raw);
  return extended < 0n && extended >= -(1n << BigInt(bits - 1)) ? extended : null;
}

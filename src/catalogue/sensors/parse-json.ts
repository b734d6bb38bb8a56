/** Parses JSON that may well be none, at little cost where it is none. */

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Of JSON's four kinds of white space the one with the highest code. */
const SPACE = 0x20;
const CLOSING: Readonly<Record<number, number>> = { 0x7b: 0x7d, 0x5b: 0x5d };

/**
 * An error costs more than all the rest of rejecting a message. So what was cut short, which is what most broken
 * messages are, is told by its end; and for the others nobody reads the stack, so none is written down.
 *
 * @returns null when the bytes are not JSON in UTF-8
 */
export function parseJson(bytes: Uint8Array): { readonly json: unknown } | null {
  if (isCutShort(bytes)) return null;
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return { json: JSON.parse(utf8.decode(bytes)) };
  } catch {
    return null;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** An object or an array that does not end as it must. */
function isCutShort(bytes: Uint8Array): boolean {
  const closing = CLOSING[bytes[0]!];
  if (closing === undefined) return false;
  let last = bytes.length - 1;
  while (bytes[last]! <= SPACE) last--;
  return bytes[last] !== closing;
}

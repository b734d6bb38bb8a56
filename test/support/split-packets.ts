/** Cuts what comes over an MQTT connection into its packets. */

/** @returns takes one direction of one connection, chunk by chunk; a body is the packet without its fixed header */
export function splitPackets(
  onPacket: (type: number, body: Buffer, flags: number) => void,
): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const header = readHeader(rest);
      if (!header || rest.length < header.end) return;
      const first = rest[0]!;
      onPacket(first >> 4, rest.subarray(header.start, header.end), first & 15);
      rest = rest.subarray(header.end);
    }
  };
}

/** Remaining length: seven bits a byte, least significant first. */
function readHeader(bytes: Buffer): { start: number; end: number } | null {
  let length = 0;
  for (let index = 1; index <= 4; index++) {
    const byte = bytes[index];
    if (byte === undefined) return null;
    length += (byte & 127) << (7 * (index - 1));
    if (byte < 128) return { start: index + 1, end: index + 1 + length };
  }
  throw new Error('not an MQTT packet');
}

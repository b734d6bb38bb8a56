/** Lays many messages into one run of bytes, and finds them in it again. */

export interface PackedMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly receivedAt: Date;
}

/** In the first byte, for those who find another one day. */
const FORM = 1;
/** Milliseconds since 1970 as a double, then the bytes of topic (UTF-8) and payload, which follow. */
const HEAD_BYTES = 8 + 4 + 4;
/** Of a UTF-16 unit in UTF-8. */
const MOST_BYTES = 3;
/** Of a message with one reading and its topic. */
const USUAL_BYTES = 256;

export function packMessages(messages: readonly PackedMessage[]): Buffer {
  let bytes: Buffer = Buffer.allocUnsafe(1 + USUAL_BYTES * messages.length);
  let end = bytes.writeUInt8(FORM);
  for (const { topic, payload, receivedAt } of messages) {
    const needed = end + HEAD_BYTES + MOST_BYTES * topic.length + payload.length;
    if (needed > bytes.length) bytes = grow(bytes, needed);
    const topicBytes = bytes.write(topic, end + HEAD_BYTES);
    end = bytes.writeDoubleBE(receivedAt.getTime(), end);
    end = bytes.writeUInt32BE(topicBytes, end);
    end = bytes.writeUInt32BE(payload.length, end) + topicBytes;
    bytes.set(payload, end);
    end += payload.length;
  }
  return bytes.subarray(0, end);
}

/** @throws RangeError when they were packed in another form */
export function unpackMessages(bytes: Buffer): PackedMessage[] {
  const form = bytes.readUInt8(0);
  if (form !== FORM) throw new RangeError(`The messages are packed in form ${form}, but must be in ${FORM}.`);
  const messages: PackedMessage[] = [];
  for (let at = 1; at < bytes.length;) {
    const receivedAt = new Date(bytes.readDoubleBE(at));
    const topicAt = at + HEAD_BYTES;
    const payloadAt = topicAt + bytes.readUInt32BE(at + 8);
    at = payloadAt + bytes.readUInt32BE(at + 12);
    messages.push({
      receivedAt,
      topic: bytes.toString('utf8', topicAt, payloadAt),
      payload: bytes.subarray(payloadAt, at),
    });
  }
  return messages;
}

function grow(bytes: Buffer, needed: number): Buffer {
  const larger = Buffer.allocUnsafe(Math.max(2 * bytes.length, needed));
  bytes.copy(larger);
  return larger;
}

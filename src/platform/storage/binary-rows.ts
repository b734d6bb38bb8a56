/** Builds rows in PostgreSQL's binary COPY form, in one buffer that is used again for the next batch. */

/** Signature, flags, no extension: https://www.postgresql.org/docs/current/sql-copy.html, binary format. */
const HEADER = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
/** Field count and length of a field: two and four bytes, big-endian. */
const [COUNT_BYTES, LENGTH_BYTES] = [2, 4];
/** PostgreSQL counts microseconds from 2000-01-01. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
const TWO_TO_32 = 2 ** 32;

export class BinaryRows {
  private buffer: Buffer;
  private length = 0;

  /** @param bytes to begin with; it grows to what the largest batch needs */
  constructor(bytes = 1 << 16) {
    this.buffer = Buffer.allocUnsafe(bytes);
    this.clear();
  }

  clear(): void {
    HEADER.copy(this.buffer);
    this.length = HEADER.length;
  }

  /** The fields follow, in the order of the columns. */
  beginRow(fields: number): void {
    this.reserve(COUNT_BYTES);
    this.length = this.buffer.writeInt16BE(fields, this.length);
  }

  /** @param value ASCII: names of sensors and the like */
  ascii(value: string): void {
    this.reserve(LENGTH_BYTES + value.length);
    this.length = this.buffer.writeInt32BE(value.length, this.length);
    for (let i = 0; i < value.length; i++) this.buffer[this.length++] = value.charCodeAt(i);
  }

  /** @param milliseconds since 1970, whole */
  timestamp(milliseconds: number): void {
    this.reserve(LENGTH_BYTES + 8);
    const microseconds = (milliseconds - EPOCH_MS) * 1000;
    const high = Math.floor(microseconds / TWO_TO_32);
    this.length = this.buffer.writeInt32BE(8, this.length);
    this.length = this.buffer.writeInt32BE(high, this.length);
    this.length = this.buffer.writeUInt32BE(microseconds - high * TWO_TO_32, this.length);
  }

  /** Null, like nothing, is SQL's NULL. */
  double(value: number | null | undefined): void {
    this.reserve(LENGTH_BYTES + 8);
    if (value === null || value === undefined) {
      this.length = this.buffer.writeInt32BE(-1, this.length);
      return;
    }
    this.length = this.buffer.writeInt32BE(8, this.length);
    this.length = this.buffer.writeDoubleBE(value, this.length);
  }

  /** The whole, with its end mark; valid until the next change. */
  finish(): Buffer {
    this.reserve(COUNT_BYTES);
    return this.buffer.subarray(0, this.buffer.writeInt16BE(-1, this.length));
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.buffer.length, this.length + bytes));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }
}

/** Reads the MQTT packets that a client sends, 3.1.1 and 5, as far as tests look into them. */
import type { SentPacket } from './mqtt-tap.ts';

export interface ConnectPacket {
  /** 4 is MQTT 3.1.1. */
  readonly level: number;
  /** Clean session in 3.1.1, clean start in 5. */
  readonly clean: boolean;
  /** Seconds; 0 where it is not sent. */
  readonly sessionExpiry: number;
  readonly will: PublishPacket | null;
}

export interface PublishPacket {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: number;
  readonly retain: boolean;
}

export interface SubscribePacket {
  readonly filters: readonly string[];
}

/** One connection of a client: what it sent after its CONNECT, in order. */
export interface ClientSession {
  readonly connect: ConnectPacket;
  readonly packets: readonly (
    | ({ readonly type: 'publish' } & PublishPacket)
    | ({ readonly type: 'subscribe' } & SubscribePacket)
    | { readonly type: 'disconnect' }
  )[];
}

const CONNECT = 1;
const PUBLISH = 3;
const SUBSCRIBE = 8;
const DISCONNECT = 14;
const SESSION_EXPIRY = 0x11;

export function readSessions(sent: readonly SentPacket[]): readonly ClientSession[] {
  const sessions: { connect: ConnectPacket; packets: ClientSession['packets'][number][] }[] = [];
  for (const packet of sent) {
    if (packet.type === CONNECT) sessions.push({ connect: readConnect(packet), packets: [] });
    const session = sessions.at(-1);
    const level = session?.connect.level ?? 4;
    if (packet.type === PUBLISH) session?.packets.push({ type: 'publish', ...readPublish(packet, level) });
    if (packet.type === SUBSCRIBE)
      session?.packets.push({ type: 'subscribe', ...readSubscribe(packet, level) });
    if (packet.type === DISCONNECT) session?.packets.push({ type: 'disconnect' });
  }
  return sessions;
}

function readConnect({ body }: SentPacket): ConnectPacket {
  const cursor = new Cursor(body);
  cursor.bytes();
  const level = cursor.byte();
  const flags = cursor.byte();
  cursor.skip(2);
  let sessionExpiry = 0;
  if (level === 5) {
    const properties = cursor.properties();
    // The only one that the clients under test send first.
    if (properties[0] === SESSION_EXPIRY) sessionExpiry = properties.readUInt32BE(1);
  }
  cursor.bytes();
  const hasWill = (flags & 4) !== 0;
  if (hasWill && level === 5) cursor.properties();
  const will = hasWill
    ? {
        topic: cursor.bytes().toString(),
        payload: cursor.bytes(),
        qos: (flags >> 3) & 3,
        retain: (flags & 32) !== 0,
      }
    : null;
  return { level, clean: (flags & 2) !== 0, sessionExpiry, will };
}

function readPublish({ body, flags }: SentPacket, level: number): PublishPacket {
  const cursor = new Cursor(body);
  const topic = cursor.bytes().toString();
  const qos = (flags >> 1) & 3;
  if (qos > 0) cursor.skip(2);
  if (level === 5) cursor.properties();
  return { topic, payload: cursor.rest(), qos, retain: (flags & 1) !== 0 };
}

function readSubscribe({ body }: SentPacket, level: number): SubscribePacket {
  const cursor = new Cursor(body);
  cursor.skip(2);
  if (level === 5) cursor.properties();
  const filters: string[] = [];
  while (!cursor.atEnd) {
    filters.push(cursor.bytes().toString());
    cursor.skip(1);
  }
  return { filters };
}

class Cursor {
  private offset = 0;

  constructor(private readonly buffer: Buffer) {}

  get atEnd(): boolean {
    return this.offset >= this.buffer.length;
  }

  byte(): number {
    return this.buffer.readUInt8(this.offset++);
  }

  skip(count: number): void {
    this.offset += count;
  }

  /** Two bytes of length, then so many. */
  bytes(): Buffer {
    const length = this.buffer.readUInt16BE(this.offset);
    this.offset += 2 + length;
    return this.buffer.subarray(this.offset - length, this.offset);
  }

  /** Tests send none that are longer than 127 bytes. */
  properties(): Buffer {
    const length = this.byte();
    this.offset += length;
    return this.buffer.subarray(this.offset - length, this.offset);
  }

  rest(): Buffer {
    return this.buffer.subarray(this.offset);
  }
}

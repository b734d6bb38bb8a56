/** Sits between a client and a broker, tells which messages came and which were acknowledged, and can cut the line. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface SentPacket {
  /** Control packet type: 1 CONNECT, 3 PUBLISH, 8 SUBSCRIBE, 14 DISCONNECT. */
  readonly type: number;
  readonly flags: number;
  readonly body: Buffer;
}

export interface MqttTap {
  readonly url: string;
  /** All that the client sent, over all connections. */
  readonly sent: readonly SentPacket[];
  /** Packet ids of PUBLISH from the broker and of PUBACK to it, in order, over all connections. */
  readonly published: readonly number[];
  readonly acknowledged: readonly number[];
  /** How often the client has connected. */
  readonly connections: number;
  /** Breaks the connection that there is; the next one is let through. */
  cut(): void;
  stop(): Promise<void>;
}

const PUBLISH = 3;
const PUBACK = 4;

export async function startMqttTap(brokerPort: number): Promise<MqttTap> {
  const published: number[] = [];
  const acknowledged: number[] = [];
  const sent: SentPacket[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((client) => {
    connections++;
    const broker = connect(brokerPort, '127.0.0.1');
    for (const [socket, other] of [
      [client, broker],
      [broker, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
    client.on(
      'data',
      splitPackets((type, body, flags) => {
        sent.push({ type, flags, body });
        if (type === PUBACK) acknowledged.push(body.readUInt16BE(0));
      }),
    );
    broker.on(
      'data',
      splitPackets((type, body, flags) => {
        // QoS is bits 1 and 2; the id follows the topic.
        if (type === PUBLISH && (flags & 6) > 0) published.push(body.readUInt16BE(2 + body.readUInt16BE(0)));
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent,
    published,
    acknowledged,
    get connections() {
      return connections;
    },
    cut,
    stop: async () => {
      cut();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function splitPackets(
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

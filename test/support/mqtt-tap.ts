/** Sits between a client and a broker, tells which messages came and which were acknowledged, and can cut the line. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { splitPackets } from './split-packets.ts';

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

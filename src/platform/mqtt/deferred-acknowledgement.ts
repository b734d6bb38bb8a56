/**
 * Acknowledges QoS 1 messages when the application says so, in the order in which they came.
 *
 * mqtt.js sends a PUBACK as soon as `handleMessage` calls back without an error. To hold `handleMessage` until a
 * commit would hold the whole connection with it, answers to our own pings included. So we call back at once with
 * an error, upon which mqtt.js skips the PUBACK and goes on, and send the PUBACK ourselves later. All that we rely
 * on and that mqtt.js doesn't document is in this file; its spec breaks when a new version changes it.
 */
import type { MqttClient } from 'mqtt';

export interface ArrivedMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly receivedAt: Date;
  /** Call when the message is safe, once. Messages may be acknowledged in any order. */
  acknowledge(): void;
}

/** `handleMessage`, `sendPing` and `reschedulePing` are public; `_sendPacket` is private to mqtt.js. */
interface ClientInternals {
  readonly options: { readonly keepalive?: number };
  handleMessage: (packet: PublishPacket, done: (error?: Error) => void) => void;
  sendPing: () => void;
  reschedulePing: (force: boolean) => void;
  _sendPacket: (packet: { cmd: 'puback'; messageId: number; reasonCode: 0 }) => void;
}

interface PublishPacket {
  readonly topic: string;
  readonly payload: string | Buffer;
  readonly qos: 0 | 1 | 2;
  readonly messageId?: number;
}

interface Entry {
  /** Absent for QoS 0, which waits in line with the others but is not answered. */
  readonly messageId: number | undefined;
  readonly bytes: number;
  safe: boolean;
}

/** A packet that mqtt.js gets no answer for, and so reads no further. */
interface HeldBack {
  /** Before there was room, or after it was handed on. */
  readonly packet: PublishPacket | undefined;
  readonly goOn: () => void;
}

/** Seconds, where mqtt.js is told nothing else. */
const KEEPALIVE = 60;

/** Never reported anywhere: mqtt.js only looks whether there is an error. */
const ACKNOWLEDGED_LATER = new Error('acknowledged later');

export class DeferredAcknowledgement {
  /** In order of arrival, of this connection only: ids are used again on the next. */
  private line: Entry[] = [];
  private unsafe = 0;
  private unsafeBytes = 0;
  private heldBack: HeldBack | undefined;
  private pings: NodeJS.Timeout | undefined;
  private stopped = false;

  /**
   * Attach before the client connects: what a kept session holds comes right behind the CONNACK.
   *
   * @param maxUnsafe with more messages than this not yet safe, nothing more is read from the connection; the
   *   Receive Maximum of MQTT 5 keeps a broker from getting there
   * @param maxUnsafeBytes the same for their payloads together, which no broker can be told
   */
  constructor(
    private readonly client: MqttClient,
    private readonly maxUnsafe: number,
    private readonly maxUnsafeBytes: number,
    private readonly onMessage: (message: ArrivedMessage) => void,
  ) {
    (client as unknown as ClientInternals).handleMessage = (packet, done) => this.handle(packet, done);
    // Not on `close`: packets that were read before may still be handed over after it.
    client.on('packetreceive', (packet) => {
      if (packet.cmd === 'connack') this.forget();
    });
  }

  /** Messages handed on that are not acknowledged yet, also of connections that are gone. */
  get outstanding(): number {
    return this.unsafe;
  }

  /** From now on messages are left to the broker, which sends them again in the next connection. */
  stopTaking(): void {
    this.stopped = true;
    this.letGo('left to the broker');
  }

  private handle(packet: PublishPacket, done: (error?: Error) => void): void {
    const goOn = () => done(ACKNOWLEDGED_LATER);
    if (this.stopped) return goOn();
    // All that may be held is still from an old connection: what a new one brings would be held beside it.
    if (this.isFull()) return this.hold({ packet, goOn });
    this.take(packet);
    if (this.isFull()) this.hold({ packet: undefined, goOn });
    else goOn();
  }

  private take(packet: PublishPacket): void {
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    const messageId = packet.qos === 0 ? undefined : packet.messageId;
    const entry: Entry = { messageId, bytes: payload.length, safe: false };
    this.line.push(entry);
    this.unsafe++;
    this.unsafeBytes += entry.bytes;
    this.onMessage({
      topic: packet.topic,
      payload,
      receivedAt: new Date(),
      acknowledge: () => this.acknowledge(entry),
    });
  }

  private acknowledge(entry: Entry): void {
    if (entry.safe) return;
    entry.safe = true;
    this.unsafe--;
    this.unsafeBytes -= entry.bytes;
    this.sendInOrder();
    if (!this.isFull()) this.letGo('taken');
  }

  private isFull(): boolean {
    return this.unsafe > this.maxUnsafe || this.unsafeBytes > this.maxUnsafeBytes;
  }

  /** MQTT wants acknowledgements in the order of the messages [MQTT-4.6.0-2]. */
  private sendInOrder(): void {
    for (let first = this.line[0]; first?.safe; first = this.line[0]) {
      this.line.shift();
      // While not connected mqtt.js would keep the packet and send it later, with an id that then means another.
      if (first.messageId === undefined || !this.client.connected) continue;
      const { messageId } = first;
      (this.client as unknown as ClientInternals)._sendPacket({ cmd: 'puback', messageId, reasonCode: 0 });
    }
  }

  /** A new connection: the broker sends what was not acknowledged again. */
  private forget(): void {
    this.line = [];
    this.letGo('left to the broker');
  }

  private hold(heldBack: HeldBack): void {
    this.heldBack = heldBack;
    // mqtt.js does not see the answers to its pings, and would take the broker for dead; the broker wants to get them.
    const { keepalive = KEEPALIVE } = (this.client as unknown as ClientInternals).options;
    if (keepalive > 0) this.pings ??= setInterval(() => this.ping(), (keepalive * 1_000) / 2).unref();
  }

  private ping(): void {
    if (!this.client.connected) return;
    const client = this.client as unknown as ClientInternals;
    client.sendPing();
    client.reschedulePing(true);
  }

  /** @param fate of what was not handed on yet */
  private letGo(fate: 'taken' | 'left to the broker'): void {
    const { heldBack } = this;
    clearInterval(this.pings);
    this.pings = undefined;
    this.heldBack = undefined;
    if (!heldBack) return;
    if (fate === 'taken' && heldBack.packet) this.take(heldBack.packet);
    if (this.isFull() && fate === 'taken') this.hold({ packet: undefined, goOn: heldBack.goOn });
    else heldBack.goOn();
  }
}

/**
 * The connection of a Sparkplug host application: a clean session each time, as Sparkplug wants it, with the STATE by
 * which edge nodes know whether their data are taken.
 *
 * A new client each time, because each connection has a will with its own time.
 */
import { connect, type IPublishPacket, type MqttClient } from 'mqtt';
import { Broken, Unavailable } from '../../core/domain/failure.ts';
import { readHostState, writeHostState } from '../../core/sparkplug/host-state.ts';
import { SPARKPLUG_TOPIC_FILTER, stateTopic } from '../../core/sparkplug/sparkplug-topic.ts';
import type { Logger } from '../ops/logger.ts';
import type { BrokerTls } from './broker-tls.ts';
import { isVersionRefused, type ProtocolVersion } from './protocol-version.ts';

export interface SparkplugMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly receivedAt: Date;
}

export interface SparkplugConnectionOptions {
  /** User and password may stand in it. */
  readonly url: string;
  readonly tls?: BrokerTls;
  /** Unique among the host applications at this broker. */
  readonly hostId: string;
  readonly clientId: string;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** All of Sparkplug but our own STATE. */
  readonly onMessage: (message: SparkplugMessage) => void;
  /** What was sent meanwhile is lost: the sessions of all edge nodes are in doubt. */
  readonly onLost: () => void;
}

const RECONNECT_MS = 1_000;
const CONNECT_LIMIT_MS = 10_000;
/** A broker that does not take our death certificate is left without; it then has our will. */
const GOODBYE_LIMIT_MS = 2_000;

export class SparkplugConnection {
  private client: MqttClient | undefined;
  /** Of the will of this connection, and so of each STATE in it. */
  private timestamp = 0;
  private version: ProtocolVersion = 5;
  private born = false;
  private online = true;
  private closing = false;
  private again: NodeJS.Timeout | undefined;
  private awaited: { resolve: () => void; reject: (error: Error) => void } | undefined;

  constructor(private readonly options: SparkplugConnectionOptions) {}

  /** Subscribed, and our STATE is out. */
  get ready(): boolean {
    return this.born;
  }

  /**
   * Connects, and from then on connects again whenever the connection is lost.
   *
   * @throws Unavailable when that takes more than `limitMs`; it goes on trying nevertheless
   * @throws Broken when the broker refuses the subscription
   */
  async connect(limitMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const born = new Promise<void>((resolve, reject) => {
      this.awaited = { resolve, reject };
      const message = `The MQTT broker at ${this.place()} can't be reached yet.`;
      timer = setTimeout(() => reject(new Unavailable('broker-unreachable', message)), limitMs);
    });
    this.open();
    try {
      await born;
    } finally {
      clearTimeout(timer);
      this.awaited = undefined;
    }
  }

  /**
   * Tells edge nodes whether to send or to keep their data. The connection stays, for those that don't ask.
   *
   * Both say the time of this connection's will: edge nodes believe what is not older than what they know, and a
   * birth must have no other.
   */
  setOnline(online: boolean): void {
    if (this.online === online) return;
    this.online = online;
    if (this.born) this.publishState(online, this.timestamp);
  }

  /** @returns false while not connected: it is not kept for later */
  sendCommand(topic: string, payload: Uint8Array): boolean {
    if (!this.born || !this.client) return false;
    this.client.publish(topic, Buffer.from(payload), { qos: 0, retain: false });
    return true;
  }

  /** Leaves with a death certificate: the broker keeps our will to itself after a disconnect in order. */
  async close(): Promise<void> {
    this.closing = true;
    clearTimeout(this.again);
    const { client } = this;
    if (!client) return;
    let told = !this.born;
    if (this.born) {
      this.born = false;
      const limit = new Promise<false>((resolve) =>
        setTimeout(() => resolve(false), GOODBYE_LIMIT_MS).unref(),
      );
      const taken = new Promise<true>((resolve) =>
        this.publishState(false, Math.max(Date.now(), this.timestamp), () => resolve(true)),
      );
      told = await Promise.race([taken, limit]);
    }
    // In order it would wait for an answer that may never come.
    await client.endAsync(!client.connected || !told);
  }

  private open(): void {
    const { url, tls, hostId, clientId } = this.options;
    // Never before the last one's, whatever the clock does: an older STATE is not believed.
    this.timestamp = Math.max(Date.now(), this.timestamp + 1);
    const client = connect(url, {
      ...tls,
      protocolVersion: this.version,
      clientId,
      clean: true,
      manualConnect: true,
      reconnectPeriod: 0,
      connectTimeout: CONNECT_LIMIT_MS,
      will: {
        topic: stateTopic(hostId),
        payload: Buffer.from(writeHostState({ online: false, timestamp: this.timestamp })),
        qos: 1,
        retain: true,
      },
      ...(this.version === 5 && { properties: { sessionExpiryInterval: 0 } }),
    });
    this.client = client;
    let lastError = '';
    client.on('connect', () => this.subscribe(client));
    client.on('message', (topic, payload, packet) => this.take(topic, payload, packet));
    client.on('error', (error) => {
      lastError = error.message;
      if (this.version === 5 && isVersionRefused(error)) this.version = 4;
    });
    client.on('close', () => this.lost(client, lastError));
    client.connect();
  }

  private subscribe(client: MqttClient): void {
    const { hostId, logger } = this.options;
    const filters = { [stateTopic(hostId)]: { qos: 1 }, [SPARKPLUG_TOPIC_FILTER]: { qos: 1 } } as const;
    client.subscribe(filters, (error, granted = []) => {
      if (!client.connected) return;
      const code = granted.find(({ qos }) => qos >= 128)?.qos;
      if (error || code !== undefined) {
        const reason = error?.message ?? `reason code ${code}`;
        const refused = `The MQTT broker refuses our subscription to ${SPARKPLUG_TOPIC_FILTER}: ${reason}`;
        logger.warn({ broker: this.place() }, refused);
        this.awaited?.reject(new Broken('subscription-refused', `${refused}.`));
        return;
      }
      this.born = true;
      // Not online while nothing can be stored: another STATE may be retained from before, and would be believed.
      this.publishState(this.online, this.timestamp, () => this.awaited?.resolve());
      logger.info({ broker: this.place(), hostId }, 'Sparkplug host application is connected');
    });
  }

  private publishState(online: boolean, timestamp: number, onTaken: () => void = () => {}): void {
    const payload = writeHostState({ online, timestamp });
    this.client?.publish(stateTopic(this.options.hostId), payload, { qos: 1, retain: true }, onTaken);
  }

  private take(topic: string, payload: Buffer, packet: IPublishPacket): void {
    if (topic === stateTopic(this.options.hostId)) this.takeOwnState(payload, packet.retain);
    else this.options.onMessage({ topic, payload, receivedAt: new Date() });
  }

  private takeOwnState(payload: Buffer, retained: boolean): void {
    const state = readHostState(payload);
    if (!state || !this.born) return;
    if (!state.online && this.online) {
      // The will of an earlier connection that the broker noticed late, or somebody's mistake.
      this.publishState(true, this.timestamp);
    } else if (state.online && !retained && state.timestamp !== this.timestamp) {
      this.options.logger.warn(
        { hostId: this.options.hostId },
        'another host application has our SPARKPLUG_HOST_ID: give each its own, or edge nodes believe the wrong one',
      );
    }
  }

  private lost(client: MqttClient, reason: string): void {
    // A client also closes after it failed to open.
    if (client !== this.client || this.closing) return;
    client.end(true);
    if (this.born) {
      this.born = false;
      this.options.logger.warn({ broker: this.place(), reason }, 'Sparkplug lost the MQTT broker');
      this.options.onLost();
    }
    const refused = client.options.protocolVersion !== this.version;
    this.again = setTimeout(() => this.open(), refused ? 0 : RECONNECT_MS);
  }

  /** Without user and password. */
  private place(): string {
    return new URL(this.options.url).host;
  }
}

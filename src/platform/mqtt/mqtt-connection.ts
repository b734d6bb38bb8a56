/** The platform's one connection to the broker: a kept session that reads with deferred acknowledgement. */
import { connect, type IConnackPacket, type MqttClient } from 'mqtt';
import { Broken, Unavailable } from '../../core/domain/failure.ts';
import type { Logger } from '../ops/logger.ts';
import type { BrokerTls } from './broker-tls.ts';
import { DeferredAcknowledgement, type ArrivedMessage } from './deferred-acknowledgement.ts';
import { isVersionRefused, type ProtocolVersion } from './protocol-version.ts';

export interface MqttConnectionOptions {
  /** User and password may stand in it. */
  readonly url: string;
  readonly tls?: BrokerTls;
  /** The session's name at the broker: the same after a restart, another for each process. */
  readonly clientId: string;
  readonly topicFilter: string;
  /** Members of a group share its messages: each goes to one of them. */
  readonly group?: string;
  /** Messages on the way at most; more of them allow larger commits. */
  readonly maxInFlight: number;
  /** Bytes of payload that wait for a commit at most: large messages must not fill memory. */
  readonly maxInFlightBytes: number;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly onMessage: (message: ArrivedMessage) => void;
  /** Told when it begins to listen, and when it no longer does. */
  readonly onChange?: (change: ConnectionChange) => void;
}

export interface ConnectionChange {
  readonly listening: boolean;
  /** The broker still knew our session. */
  readonly sessionPresent: boolean;
}

/** How long the broker keeps our session, and what comes meanwhile, while we are away: a week. */
const SESSION_EXPIRY_SECONDS = 7 * 86_400;
const RECONNECT_MS = 1_000;
const CONNECT_LIMIT_MS = 10_000;

export class MqttConnection {
  private client: MqttClient | undefined;
  private ledger: DeferredAcknowledgement | undefined;
  private subscribed = false;
  private everSubscribed = false;
  private closing = false;
  private awaited: { resolve: () => void; reject: (error: Error) => void } | undefined;

  constructor(private readonly options: MqttConnectionOptions) {}

  /** Host and port, without user and password. */
  get broker(): string {
    return this.place();
  }

  /** Taken and not yet acknowledged. */
  get unacknowledged(): number {
    return this.ledger?.outstanding ?? 0;
  }

  /** Subscribed, and messages come in. */
  get ready(): boolean {
    return this.subscribed;
  }

  /**
   * Connects, and from then on connects again whenever the connection is lost.
   *
   * @returns once subscribed
   * @throws Unavailable when that takes more than `limitMs`; it goes on trying nevertheless
   * @throws Broken when the broker refuses the subscription
   */
  async connect(limitMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const subscribed = new Promise<void>((resolve, reject) => {
      this.awaited = { resolve, reject };
      timer = setTimeout(() => {
        reject(
          new Unavailable('broker-unreachable', `The MQTT broker at ${this.place()} can't be reached yet.`),
        );
      }, limitMs);
    });
    // MQTT 5 for its Receive Maximum; the broker in process speaks 3.1.1 only.
    this.open(5);
    try {
      await subscribed;
    } finally {
      clearTimeout(timer);
      this.awaited = undefined;
    }
  }

  /** From now on messages are left to the broker; those taken can still be acknowledged. */
  stopTaking(): void {
    this.ledger?.stopTaking();
  }

  /** Leaves the session with the broker, so that nothing is lost until the next start. */
  async close(): Promise<void> {
    this.closing = true;
    this.subscribed = false;
    if (this.client) await abandon(this.client);
  }

  private open(protocolVersion: ProtocolVersion): void {
    const { url, tls, clientId, maxInFlight, maxInFlightBytes, onMessage, logger } = this.options;
    const client = connect(url, {
      ...tls,
      protocolVersion,
      clientId,
      clean: false,
      manualConnect: true,
      // We subscribe on every connection ourselves, also on the first with a session from before.
      resubscribe: false,
      reconnectPeriod: RECONNECT_MS,
      connectTimeout: CONNECT_LIMIT_MS,
      // A broker that refuses us now (starting, full) may take us later.
      reconnectOnConnackError: true,
      ...(protocolVersion === 5 && {
        properties: { sessionExpiryInterval: SESSION_EXPIRY_SECONDS, receiveMaximum: maxInFlight },
      }),
    });
    this.client = client;
    this.ledger = new DeferredAcknowledgement(client, maxInFlight, maxInFlightBytes, onMessage);
    let lastError: Error | undefined;
    client.on('connect', (connack) => {
      lastError = undefined;
      this.subscribe(client, connack);
    });
    client.on('close', () => this.lost(lastError));
    client.on('error', (error) => {
      lastError = error;
      if (protocolVersion === 5 && isVersionRefused(error)) {
        void abandon(client);
        logger.info({ broker: this.place() }, 'the MQTT broker does not speak MQTT 5, going on with 3.1.1');
        this.open(4);
      }
    });
    client.connect();
  }

  private subscribe(client: MqttClient, connack: IConnackPacket): void {
    const { topicFilter, group, logger } = this.options;
    if (this.everSubscribed && !connack.sessionPresent) {
      logger.warn(
        { broker: this.place() },
        'the MQTT broker has forgotten our session: what was published while we were away is lost',
      );
    }
    const shares =
      client.options.protocolVersion === 5 && connack.properties?.sharedSubscriptionAvailable !== false;
    if (group !== undefined && !shares) {
      this.refuse('it has no shared subscriptions of MQTT 5, which MQTT_GROUP asks for');
      return;
    }
    const filter = group === undefined ? topicFilter : `$share/${group}/${topicFilter}`;
    // A session from before it had a group would go on getting every message.
    if (group !== undefined && connack.sessionPresent) client.unsubscribe(topicFilter);
    // rh 1: retained messages come with a new subscription only, not with every connection.
    client.subscribe(filter, { qos: 1, ...(group === undefined ? { rh: 1 } : {}) }, (error, granted) => {
      const code = granted?.[0]?.qos ?? 0;
      if (error || code >= 128) {
        if (!client.connected) return;
        const reason = error?.message ?? `reason code ${code}`;
        this.refuse(reason);
        return;
      }
      this.subscribed = true;
      this.everSubscribed = true;
      this.options.onChange?.({ listening: true, sessionPresent: connack.sessionPresent });
      logger.info({ broker: this.place(), filter }, 'listening to the MQTT broker');
      this.awaited?.resolve();
    });
  }

  private refuse(reason: string): void {
    const refused = `The MQTT broker refuses our subscription to ${this.options.topicFilter}: ${reason}`;
    this.options.logger.warn({ broker: this.place() }, refused);
    this.awaited?.reject(new Broken('subscription-refused', `${refused}.`));
  }

  private lost(error: (Error & { readonly code?: unknown }) | undefined): void {
    const wasSubscribed = this.subscribed;
    this.subscribed = false;
    if (!wasSubscribed || this.closing) return;
    this.options.onChange?.({ listening: false, sessionPresent: false });
    const reason = error?.message ?? 'the broker closed the connection';
    this.options.logger.warn(
      { broker: this.place(), reason, code: error?.code },
      'lost the MQTT broker, trying again every second',
    );
  }

  /** Without user and password. */
  private place(): string {
    return new URL(this.options.url).host;
  }
}

/** With manualConnect, mqtt.js would take a closed client for one that waits to connect again. */
async function abandon(client: MqttClient): Promise<void> {
  client.options.reconnectPeriod = 0;
  await client.endAsync(!client.connected);
}

/** The Sparkplug B door: a host application that stores what edge nodes say, and tells them when it can't. */
import { BadInput, Unavailable } from '../../../core/domain/failure.ts';
import { EdgeNodes } from '../../../core/sparkplug/edge-nodes.ts';
import type { NodeEvent, ValuesEvent } from '../../../core/sparkplug/node-event.ts';
import { REBIRTH_LIMITS } from '../../../core/sparkplug/rebirth-throttle.ts';
import {
  describeSource,
  nodeCommandTopic,
  parseSparkplugTopic,
  type Source,
} from '../../../core/sparkplug/sparkplug-topic.ts';
import type { BrokerTls } from '../../../platform/mqtt/broker-tls.ts';
import { SparkplugConnection, type SparkplugMessage } from '../../../platform/mqtt/sparkplug-connection.ts';
import type { Logger } from '../../../platform/ops/logger.ts';
import { decodePayload } from '../../../platform/sparkplug/decode-payload.ts';
import { encodeRebirthRequest } from '../../../platform/sparkplug/encode-rebirth-request.ts';
import { MAX_PAYLOAD_BYTES, rejectMessage, rejectTooLarge, type ReadMessage } from '../read-message.ts';
import { MergeWindow } from './merge-window.ts';
import { readValues } from './read-values.ts';
import type { SensorMapping } from './sensor-mapping.ts';

export interface SparkplugMetrics {
  readonly outOfOrder: () => void;
  readonly rebirth: () => void;
  readonly dropped: () => void;
}

export interface SparkplugOptions {
  readonly mqttUrl: string;
  readonly mqttTls?: BrokerTls;
  readonly hostId: string;
  readonly clientId: string;
  readonly reorderTimeoutMs: number;
  readonly mapping: SensorMapping;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly metrics: SparkplugMetrics;
  /** Stores on the path of all readings; calls back when it is committed. */
  readonly store: (read: ReadMessage, onCommitted: () => void) => void;
  /** Messages not yet committed; those beyond are lost. */
  readonly maxHeld?: number;
}

const CONNECT_LIMIT_MS = 5_000;
/** Gaps and pauses are counted in seconds. */
const TICK_MS = 100;
/** Messages of one scan of an edge node follow at once. */
const MERGE_MS = 200;
/** Some 100 MB: edge nodes without a primary host go on sending while the database is away. */
const MAX_HELD = 100_000;

export class SparkplugService {
  private readonly nodes: EdgeNodes;
  private readonly connection: SparkplugConnection;
  private readonly merging = new MergeWindow(MERGE_MS, (read) => this.store(read));
  private ticks: NodeJS.Timeout | undefined;
  private held = 0;
  private full = false;
  private droppedSinceFull = 0;

  constructor(private readonly options: SparkplugOptions) {
    const { mqttUrl, mqttTls, hostId, clientId, reorderTimeoutMs, logger } = options;
    this.nodes = new EdgeNodes(reorderTimeoutMs, REBIRTH_LIMITS);
    this.connection = new SparkplugConnection({
      url: mqttUrl,
      ...(mqttTls && { tls: mqttTls }),
      hostId,
      clientId,
      logger,
      onMessage: (message) => this.take(message),
      onLost: () => this.forgetNodes(),
    });
  }

  /** Listening when it returns, unless the broker is away: then it goes on trying. */
  async start(): Promise<void> {
    this.ticks = setInterval(() => this.tick(Date.now()), TICK_MS);
    try {
      await this.connection.connect(CONNECT_LIMIT_MS);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      this.options.logger.warn(error.message);
    }
  }

  /** Says goodbye, and hands on what was held for its order. */
  async stop(): Promise<void> {
    clearInterval(this.ticks);
    await this.connection.close();
    this.forgetNodes();
    this.merging.flush();
  }

  /** Edge nodes that have us as primary host keep their data until they can be stored. */
  setStoring(storing: boolean): void {
    this.connection.setOnline(storing);
    if (storing && this.full) {
      this.full = false;
      this.options.logger.warn({ messages: this.droppedSinceFull }, 'Sparkplug messages were lost');
    }
  }

  /** After the last commit: no broker keeps Sparkplug's data for us. */
  sayLost(): void {
    if (this.held === 0) return;
    this.options.logger.warn(
      { messages: this.held },
      'stopped with Sparkplug messages not stored: they are lost',
    );
  }

  /** @throws Unavailable when the broker is away */
  checkReady(): void {
    if (this.connection.ready) return;
    throw new Unavailable('broker-unreachable', 'The MQTT broker is not connected.');
  }

  private tick(nowMs: number): void {
    this.handle(this.nodes.elapse(nowMs));
    this.merging.elapse(nowMs);
  }

  /** That the broker is lost was said once; it need not be said of each edge node. */
  private forgetNodes(): void {
    this.handle(this.nodes.loseServer(Date.now()).filter(({ kind }) => kind === 'values'));
  }

  private take(message: SparkplugMessage): void {
    try {
      const topic = parseSparkplugTopic(message.topic);
      if (topic.verb === 'STATE' || topic.verb === 'NCMD' || topic.verb === 'DCMD') return;
      if (message.payload.length > MAX_PAYLOAD_BYTES) return this.store(rejectTooLarge(message));
      const payload = decodePayload(message.payload);
      this.handle(this.nodes.take({ topic, payload, sent: message }, Date.now()));
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      this.store(rejectMessage(message, { code: error.code, reason: error.message }));
    }
  }

  private handle(events: readonly NodeEvent[]): void {
    const { logger } = this.options;
    for (const event of events) {
      const { source } = event;
      switch (event.kind) {
        case 'values':
          this.takeValues(event);
          break;
        case 'rebirth':
          this.askForBirth(source, event.reason);
          break;
        case 'birth':
          if (source.device === null)
            logger.info({ edgeNode: describeSource(source) }, 'an edge node is born');
          break;
        case 'death':
          if (source.device === null)
            logger.warn({ edgeNode: describeSource(source) }, 'an edge node is gone');
          break;
      }
    }
  }

  private takeValues(event: ValuesEvent): void {
    if (!event.inOrder) this.options.metrics.outOfOrder();
    const now = Date.now();
    for (const read of readValues(event, this.options.mapping)) this.merging.add(read, now);
  }

  private askForBirth(source: Source, reason: string): void {
    const now = Date.now();
    if (!this.connection.sendCommand(nodeCommandTopic(source), encodeRebirthRequest(now))) return;
    this.options.metrics.rebirth();
    this.options.logger.info(
      { edgeNode: describeSource(source), reason },
      'asked an edge node for its births',
    );
  }

  private store(read: ReadMessage): void {
    const { logger, metrics, store, maxHeld = MAX_HELD } = this.options;
    if (this.held >= maxHeld) {
      if (!this.full) {
        this.full = true;
        this.droppedSinceFull = 0;
        logger.warn(
          { held: this.held },
          "too many Sparkplug messages can't be stored: what comes now is lost",
        );
      }
      this.droppedSinceFull++;
      metrics.dropped();
      return;
    }
    this.held++;
    store(read, () => this.held--);
  }
}

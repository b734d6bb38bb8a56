/** The MQTT door: a message is acknowledged when its readings are committed, and never before. */
import { Unavailable } from '../../core/domain/failure.ts';
import { SENSOR_TOPIC_FILTER } from '../../core/domain/sensor-topic.ts';
import type { ArrivedMessage } from '../../platform/mqtt/deferred-acknowledgement.ts';
import type { BrokerSession } from '../../platform/mqtt/broker-session.ts';
import type { BrokerTls } from '../../platform/mqtt/broker-tls.ts';
import { MqttConnection } from '../../platform/mqtt/mqtt-connection.ts';
import { logFailure } from '../../platform/ops/log-failure.ts';
import type { Logger } from '../../platform/ops/logger.ts';
import type { Database } from '../../platform/storage/database.ts';
import { ImpatientDatabase } from '../../platform/storage/impatient-database.ts';
import { SensorRepository } from '../../platform/storage/sensor-repository.ts';
import { BatchWriter, type KeepRejected, type UnknownSensors } from './batch-writer.ts';
import { IngestBatcher } from './ingest-batcher.ts';
import type { IngestMetrics } from './ingest-metrics.ts';
import { readMessage, type ReadMessage } from './read-message.ts';
import { RejectedBacklog } from './rejected-backlog.ts';
import { SessionReporter } from './session-reporter.ts';
import { sortInBatches } from './sort-in-rejected.ts';

export interface IngestOptions {
  readonly database: Database;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly metrics: IngestMetrics;
  readonly mqttUrl: string;
  readonly mqttTls?: BrokerTls;
  /** At the broker: the same after a restart, so that it sends what came meanwhile. */
  readonly session: BrokerSession;
  /** Whose members share the messages; left out, every message comes here. */
  readonly group?: string;
  /** False for a broker whose sessions end with it, as the one in process; left out, it keeps them. */
  readonly brokerKeepsSessions?: boolean;
  readonly unknownSensors: UnknownSensors;
  /** A commit that takes longer is tried again on another connection. */
  readonly commitLimitMs?: number;
}

/** What waits is written together up to this, which bounds how long one commit takes. */
const BATCH_READINGS = 20_000;
/** Batches on their way at once: the database then has work while a commit reaches the disk. */
const LANES = 2;
/** A broker with its default of 20 messages on the way waits this long after each 20. */
const BATCH_DELAY_MS = 20;
/** Messages on the way: at one reading each, one batch is being committed while the next gathers. */
const MAX_IN_FLIGHT = 4_000;
/** Some 50,000 readings in JSON: two batches on their way and what gathers meanwhile; more is only memory. */
const MAX_IN_FLIGHT_BYTES = 6 << 20;
/** Some 200 times what a full batch takes; a connection that died in silence holds readings up for so long. */
const COMMIT_LIMIT_MS = 30_000;
const LAST_COMMIT_LIMIT_MS = 600_000;
/** A broker that is slower is waited for in the background. */
const CONNECT_LIMIT_MS = 5_000;
/** A database that is away at shutdown is waited for no longer; the broker keeps what was not acknowledged. */
const DRAIN_LIMIT_MS = 5_000;

interface Arrival {
  readonly read: ReadMessage;
  readonly acknowledge: () => void;
}

export class IngestService {
  private readonly connection: MqttConnection;
  private readonly batcher: IngestBatcher<Arrival>;
  /** One for each lane. */
  private readonly writers: readonly BatchWriter[];
  private readonly backlog: RejectedBacklog;
  private readonly reporter: SessionReporter;
  private tellStoring: (storing: boolean) => void = () => {};

  constructor(private readonly options: IngestOptions) {
    const { logger, mqttUrl, mqttTls, session, group, unknownSensors } = options;
    const limitMs = options.commitLimitMs ?? COMMIT_LIMIT_MS;
    const database = new ImpatientDatabase(options.database, limitMs, LAST_COMMIT_LIMIT_MS);
    const sensors = new SensorRepository(database);
    this.backlog = new RejectedBacklog(database, sortInBatches(database, unknownSensors), logger);
    const keep: KeepRejected = (refused) => this.backlog.keep(refused);
    this.writers = Array.from(
      { length: LANES },
      () => new BatchWriter(database, sensors, unknownSensors, keep),
    );
    this.batcher = new IngestBatcher({
      maxSize: BATCH_READINGS,
      maxDelayMs: BATCH_DELAY_MS,
      // A message of which nothing can be stored is a row too, and counts by its bytes.
      sizeOf: ({ read: { readings, message } }) =>
        readings.length > 0 ? readings.length : Math.max(1, Math.ceil(message.payload.length / 512)),
      lanes: LANES,
      write: (arrivals, lane) => this.write(arrivals, this.writers[lane]!),
      onStalled: (error, messages) => {
        const said = "readings can't be stored: messages are held, nothing is acknowledged";
        logFailure(logger, error, { messages }, said);
        this.tellStoring(false);
      },
      onRecovered: (ms) => {
        logger.info({ seconds: Math.round(ms / 1000) }, 'readings are stored again');
        this.tellStoring(true);
      },
    });
    this.connection = new MqttConnection({
      url: mqttUrl,
      ...(mqttTls && { tls: mqttTls }),
      clientId: session.clientId,
      topicFilter: SENSOR_TOPIC_FILTER,
      ...(group === undefined ? {} : { group }),
      maxInFlight: MAX_IN_FLIGHT,
      maxInFlightBytes: MAX_IN_FLIGHT_BYTES,
      logger,
      onMessage: (message) => this.take(message),
      onChange: (change) => this.reporter.changed(change),
    });
    this.reporter = new SessionReporter({
      database,
      logger,
      clientId: session.clientId,
      broker: this.connection.broker,
      group: group ?? null,
      brokerKeepsSessions: options.brokerKeepsSessions ?? true,
      unacknowledged: () => this.connection.unacknowledged,
    });
  }

  /** Of our session at the broker. */
  get clientId(): string {
    return this.options.session.clientId;
  }

  /** Listening when it returns, unless the broker is away: then it goes on trying. */
  async start(): Promise<void> {
    this.backlog.start();
    await this.reporter.start();
    try {
      await this.connection.connect(CONNECT_LIMIT_MS);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      this.options.logger.warn(error.message);
    }
  }

  /** Takes nothing more, commits and acknowledges what was taken, then disconnects. */
  async stop(): Promise<void> {
    this.connection.stopTaking();
    if (!(await this.batcher.drain(DRAIN_LIMIT_MS))) {
      this.options.logger.warn(
        'stopped with readings not stored: the broker keeps them and sends them again',
      );
    }
    await this.backlog.stop(DRAIN_LIMIT_MS);
    await this.connection.close();
    await this.reporter.stop();
    await this.options.session.release();
  }

  /** @throws Unavailable with the part that is not ready */
  checkReady(): void {
    if (!this.connection.ready) {
      throw new Unavailable('broker-unreachable', 'The MQTT broker is not connected.');
    }
    if (this.batcher.stalled) {
      throw new Unavailable('database-unreachable', "Readings can't be stored; messages are held.");
    }
  }

  /** Told once when readings can't be stored any more, and once when they can again. */
  onStoring(listener: (storing: boolean) => void): void {
    this.tellStoring = listener;
  }

  /**
   * Takes what came through another door on the same path.
   *
   * @param acknowledge called when it is committed
   */
  add(read: ReadMessage, acknowledge: () => void): void {
    this.batcher.add({ read, acknowledge });
  }

  private take(message: ArrivedMessage): void {
    this.add(readMessage(message), () => message.acknowledge());
  }

  private async write(arrivals: readonly Arrival[], writer: BatchWriter): Promise<void> {
    const { metrics } = this.options;
    const startedAt = performance.now();
    const outcome = await writer.write(arrivals.map(({ read }) => read));
    for (const { acknowledge } of arrivals) acknowledge();
    metrics.batchSeconds((performance.now() - startedAt) / 1000);
    metrics.stored(outcome.stored);
    metrics.duplicate(outcome.duplicates);
    metrics.conflict(outcome.conflicts);
    for (const code of outcome.rejected) metrics.rejected(code);
  }
}

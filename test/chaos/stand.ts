/** What faults come down on: a broker, ingest as a process, a database, and the networks between them. */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { ControlledPostgres } from '../support/controlled-postgres.ts';
import { IngestProcess } from '../support/ingest-process.ts';
import { probeMemory, type MemoryProbe } from '../support/memory-probe.ts';
import { startNetworkLink, type NetworkLink } from '../support/network-link.ts';
import { splitPackets } from '../support/split-packets.ts';
import type { TestBroker } from '../support/test-brokers.ts';

export interface StandOptions {
  /** Of the service's data; empty. */
  readonly folder: string;
  /** Of the database's data. */
  readonly databaseFolder: string;
  /** @param port 0 takes a free one; started again on the same, it knows what it knew */
  readonly startBroker: (port: number) => Promise<TestBroker>;
  readonly onLine?: (line: string) => void;
}

const PUBLISH = 3;
const DUP = 8;
const START_LIMIT_MS = 60_000;
const PROBE_TOPIC = 'spanwatch/v1/probe';

export class Stand {
  /** Messages that the broker sent to ingest since it listens, and those among them that it marked as sent before. */
  delivered = 0;
  redelivered = 0;
  readonly memory: MemoryProbe;

  private constructor(
    readonly postgres: ControlledPostgres,
    public broker: TestBroker,
    readonly brokerLink: NetworkLink,
    readonly databaseLink: NetworkLink,
    readonly ingest: IngestProcess,
    private readonly startBroker: StandOptions['startBroker'],
  ) {
    this.memory = this.probeMemory();
  }

  /** Listening when it returns; nothing is left running when it can't. */
  static async start({ folder, databaseFolder, startBroker, onLine }: StandOptions): Promise<Stand> {
    const undo: (() => Promise<void>)[] = [];
    try {
      const postgres = await ControlledPostgres.start(databaseFolder);
      undo.push(() => postgres.stop());
      const broker = await startBroker(0);
      undo.push(() => broker.stop());
      const listen = () =>
        splitPackets((type, _, flags) => {
          if (type !== PUBLISH) return;
          stand.delivered++;
          if ((flags & DUP) !== 0) stand.redelivered++;
        });
      const brokerLink = await startNetworkLink(broker.port, listen);
      undo.push(() => brokerLink.stop());
      const databaseLink = await startNetworkLink(postgres.port);
      undo.push(() => databaseLink.stop());
      const settings = {
        DATABASE_URL: postgres.url(databaseLink.port),
        MQTT_URL: `mqtt://127.0.0.1:${brokerLink.port}`,
        DATA_DIR: path.join(folder, 'data'),
      };
      const ingest = new IngestProcess(settings, onLine);
      undo.push(() => ingest.stop());
      const stand = new Stand(postgres, broker, brokerLink, databaseLink, ingest, startBroker);
      ingest.start();
      await stand.waitUntilListening();
      return stand;
    } catch (error) {
      for (const step of undo.reverse()) await step();
      throw error;
    }
  }

  /** Of ingest, from now on. */
  probeMemory(): MemoryProbe {
    return probeMemory(() => this.ingest.pid);
  }

  async restartBroker(pauseMs: number): Promise<void> {
    await this.broker.stop();
    await sleep(pauseMs);
    this.broker = await this.startBroker(this.broker.port);
  }

  async stop(): Promise<void> {
    this.memory.stop();
    await this.ingest.stop();
    await this.brokerLink.stop();
    await this.databaseLink.stop();
    await this.broker.stop();
    await this.postgres.stop();
  }

  /** What is published before there is a subscription is nobody's. */
  private async waitUntilListening(): Promise<void> {
    const probe = await connectAsync(this.broker.url);
    const client = await this.postgres.connect();
    const remove = () => client.query('DELETE FROM rejected_message WHERE topic = $1', [PROBE_TOPIC]);
    const deadline = performance.now() + START_LIMIT_MS;
    do {
      if (performance.now() > deadline)
        throw new Error(`Ingest does not listen: ${this.ingest.lines.at(-1)}`);
      await probe.publishAsync(PROBE_TOPIC, 'is anybody there?', { qos: 1 });
      await sleep(200);
    } while (!(await remove()).rowCount);
    await sleep(500);
    await remove();
    await client.end();
    await probe.endAsync();
    this.delivered = 0;
  }
}

/** What an ingest process tells the database of its session at the broker, and when it calls one lost. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IngestService, type IngestOptions } from '../../src/features/ingest/ingest.service.ts';
import { eventually } from '../support/eventually.ts';
import { testBrokers, type TestBroker } from '../support/test-brokers.ts';
import { withTestDatabase } from '../support/test-database.ts';

describe.each(testBrokers)('the session at $name', ({ start, isThere }) => {
  const { database } = withTestDatabase();
  const leftovers: (() => Promise<void>)[] = [];
  let broker: TestBroker;

  beforeEach(async (context) => {
    if (!isThere) return context.skip();
    broker = await start(0);
    leftovers.push(() => broker.stop());
    await database().query('TRUNCATE ingest_session');
  });

  afterEach(async () => {
    for (const undo of leftovers.splice(0).reverse()) await undo();
  });

  async function startIngest(changed: Partial<IngestOptions> = {}): Promise<IngestService> {
    const quiet = (): void => {};
    const ingest = new IngestService({
      database: database(),
      logger: { info: quiet, warn: quiet, error: quiet },
      metrics: { stored: quiet, duplicate: quiet, conflict: quiet, rejected: quiet, batchSeconds: quiet },
      mqttUrl: `mqtt://crew:secret@127.0.0.1:${broker.port}`,
      session: { clientId: 'ingest-1', release: async () => {} },
      unknownSensors: 'register',
      ...changed,
    });
    await ingest.start();
    leftovers.push(() => ingest.stop());
    return ingest;
  }

  /** Both brokers keep sessions in memory only. */
  async function restartBroker(): Promise<void> {
    await broker.stop();
    await eventually(async () => expect((await told()).state).not.toBe('listening'));
    broker = await start(broker.port);
  }

  async function told() {
    const { rows } = await database().query<{ state: string; losses: number; lost: boolean; broker: string }>(
      `SELECT broker, state, losses, lost_at IS NOT NULL AS lost FROM ingest_session WHERE client_id = 'ingest-1'`,
    );
    return rows[0]!;
  }
  const isTold = (state: string, losses: number) =>
    eventually(async () => expect(await told()).toMatchObject({ state, losses, lost: losses > 0 }));

  it('is listening, then disconnected, then lost, and stopped in the end', async () => {
    const ingest = await startIngest();
    await isTold('listening', 0);
    // Neither user nor password.
    expect((await told()).broker).toBe(`127.0.0.1:${broker.port}`);
    await restartBroker();
    await isTold('listening', 1);
    await ingest.stop();
    await isTold('stopped', 1);
  });

  it('is lost too when the broker forgot it while the process was away', async () => {
    await (await startIngest()).stop();
    await startIngest();
    await isTold('listening', 0);
    await leftovers.pop()?.();
    await restartBroker();
    await startIngest();
    await isTold('listening', 1);
  });

  it('is not called lost where the broker ends with the process', async () => {
    await startIngest({ brokerKeepsSessions: false });
    await isTold('listening', 0);
    await restartBroker();
    await isTold('listening', 0);
  });
});

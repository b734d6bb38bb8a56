/** Work that outlives a request: queued in the same database, retried, and buried with its cause when hopeless. */
import { setTimeout as sleep } from 'node:timers/promises';
import PgBoss from 'pg-boss';
import { Failure, Unavailable } from '../../core/domain/failure.ts';
import type { Database, Queryable } from '../storage/database.ts';
import { isOutage } from '../storage/outage.ts';
import { logFailure } from '../ops/log-failure.ts';
import type { Logger } from '../ops/logger.ts';
import type { Metrics } from '../ops/metrics.ts';
import { JobLoop } from './job-loop.ts';

export interface JobKind<Data extends object> {
  readonly queue: string;
  /** Attempts after the first. */
  readonly retryLimit: number;
  /** A worker that has not finished by then is taken for dead and the job is given to another. */
  readonly expireInSeconds: number;
  /** Jobs in work at the same time in one process; left out, one. */
  readonly atOnce?: number;
  /** Says which jobs are the same: a second one is not queued while the first waits. */
  readonly key?: (data: Data) => string;
}

interface RunningLoop {
  readonly queue: string;
  readonly loop: Pick<JobLoop<never>, 'stop'> & { inWork(): readonly { readonly id: string }[] };
}

type TakenJob<Data> = PgBoss.JobWithMetadata<Data>;

export type JobHandler<Data> = (data: Data) => Promise<void>;

export class Jobs {
  private readonly boss: PgBoss;
  private readonly loops: RunningLoop[] = [];
  private started = false;
  private stopping: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
    private readonly metrics: Metrics,
  ) {
    this.boss = new PgBoss({
      connectionString: database.url,
      max: 4,
      application_name: 'spanwatch-jobs',
      maintenanceIntervalSeconds: 15,
    });
    this.boss.on('error', (error) => {
      // Connections that break while everything stops are no news; others break together, and whoever asks the
      // database for something says so once.
      if (!this.stopping && !isOutage(error)) this.logger.warn({ err: error }, 'job queue error');
    });
  }

  /**
   * @param onlyProcess true when no other process can be working on this database: jobs that are marked as
   *   being worked on then belong to a process that was killed, and are taken up at once instead of at expiry
   */
  async start(kinds: readonly JobKind<never>[], onlyProcess: boolean): Promise<void> {
    await this.boss.start().catch((cause: unknown) => {
      const message = `The job queue can't be set up: ${(cause as Error).message}. The database's user must own the database.`;
      throw new Unavailable('job-queue', message, {}, { cause });
    });
    this.started = true;
    for (const { queue, retryLimit, expireInSeconds, key } of kinds) {
      const policy = key ? 'short' : 'standard';
      const options = {
        name: queue,
        policy,
        retryLimit,
        retryDelay: 1,
        retryBackoff: true,
        expireInSeconds,
      } as const;
      await this.boss.createQueue(queue, options);
      await this.boss.updateQueue(queue, options);
    }
    if (onlyProcess) {
      const { rowCount } = await this.database.query(
        `UPDATE pgboss.job SET state = 'retry', start_after = now() WHERE state = 'active'`,
      );
      if (rowCount) this.logger.warn({ jobs: rowCount }, 'taken up jobs of a process that was killed');
    }
  }

  /** Queues a job; inside a transaction it exists only if that commits. */
  async send<Data extends object>(
    kind: JobKind<Data>,
    data: Data,
    client: Queryable = this.database,
  ): Promise<void> {
    const db = { executeSql: (text: string, values: unknown[]) => client.query(text, values) };
    const singletonKey = kind.key?.(data);
    await this.boss.send(kind.queue, data, singletonKey ? { db, singletonKey } : { db });
  }

  /** Queues a job each day, however many processes ask for it. @param hour UTC */
  async sendDaily<Data extends object>(kind: JobKind<Data>, data: Data, hour: number): Promise<void> {
    const singletonKey = kind.key?.(data);
    await this.boss.schedule(kind.queue, `0 ${hour} * * *`, data, singletonKey ? { singletonKey } : {});
  }

  /** @param onBuried told when a job will never succeed, with the reason */
  work<Data extends object>(
    kind: JobKind<Data>,
    handler: JobHandler<Data>,
    onBuried: (data: Data, cause: string) => Promise<void> = async () => {},
  ): void {
    const { queue, atOnce = 1 } = kind;
    const run = async (job: TakenJob<Data>): Promise<void> => {
      try {
        await within(kind.expireInSeconds, handler(job.data));
      } catch (error) {
        const hopeless = error instanceof Failure && (error.kind === 'BadInput' || error.kind === 'Broken');
        if (!hopeless && job.retryCount < kind.retryLimit) return this.fail(queue, job, causeOf(error));
        await onBuried(job.data, causeOf(error));
        await this.bury(queue, job.data, error, job.retryCount + 1);
      }
      await this.boss.complete(queue, job.id);
    };
    const loop = new JobLoop<TakenJob<Data>>(
      {
        take: async () => (await this.boss.fetch<Data>(queue, { batchSize: 1, includeMetadata: true }))[0],
        run,
        onOutage: (cause) => {
          if (cause === null) this.logger.info({ queue }, 'job queue can be reached again');
          else logFailure(this.logger, cause, { queue }, 'job queue can not be reached');
        },
      },
      atOnce,
    );
    this.loops.push({ queue, loop });
  }

  /** It is tried again after a while. */
  private async fail(queue: string, { id }: { readonly id: string }, cause: string): Promise<void> {
    await this.boss.fail(queue, id, { cause });
  }

  private async bury(queue: string, data: object, error: unknown, attempts: number): Promise<void> {
    const cause = causeOf(error);
    await this.database.query(
      'INSERT INTO buried_job (queue, data, cause, attempts) VALUES ($1, $2, $3, $4)',
      [queue, data, cause, attempts],
    );
    this.metrics.jobsBuried.inc({ queue });
    this.logger.error({ err: error, queue, data, attempts }, 'job buried');
  }

  /** Why the newest hopeless job of a queue was buried; null where none was. */
  async lastCause(queue: string): Promise<string | null> {
    const { rows } = await this.database.query<{ cause: string }>(
      'SELECT cause FROM buried_job WHERE queue = $1 ORDER BY buried_job_id DESC LIMIT 1',
      [queue],
    );
    return rows[0]?.cause ?? null;
  }

  /** Jobs of a queue that wait or are being worked on. */
  async pending(queue: string): Promise<number> {
    const { rows } = await this.database.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM pgboss.job WHERE name = $1 AND state IN ('created', 'retry', 'active')`,
      [queue],
    );
    return rows[0]?.count ?? 0;
  }

  /** Waits for the jobs being worked on, at most `timeoutMs`; what is left is handed back for another try. */
  async stop(timeoutMs = 10_000): Promise<void> {
    if (!this.started) return;
    // Whoever else asks meanwhile waits for the same end.
    this.stopping ??= this.end(timeoutMs);
    await this.stopping;
  }

  private async end(timeoutMs: number): Promise<void> {
    const ended = Promise.all(this.loops.map(({ loop }) => loop.stop()));
    await Promise.race([ended, sleep(timeoutMs, undefined, { ref: false })]);
    for (const { queue, loop } of this.loops) {
      for (const job of loop.inWork()) {
        await this.fail(queue, job, 'the worker was stopped').catch(() => {});
      }
    }
    await this.boss.stop({ graceful: false, wait: true });
  }
}

/** The queue takes a worker for dead after that time; its place must not stay taken either. */
async function within(seconds: number, work: Promise<void>): Promise<void> {
  const ended = new AbortController();
  const late = sleep(seconds * 1000, true, { signal: ended.signal, ref: false }).catch(() => false);
  const isLate = await Promise.race([work.then(() => false), late]).finally(() => ended.abort());
  if (isLate) throw new Unavailable('job-expired', `The job was not done within ${seconds} seconds.`);
}

function causeOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

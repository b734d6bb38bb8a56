/** Tells the database how this process's session at the broker fares, so that dashboards and alerts can see it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionChange } from '../../platform/mqtt/mqtt-connection.ts';
import { logFailure } from '../../platform/ops/log-failure.ts';
import type { Logger } from '../../platform/ops/logger.ts';
import { Rounds } from '../../platform/ops/rounds.ts';
import type { Queryable } from '../../platform/storage/database.ts';
import {
  IngestSessionRepository,
  type IngestSessionReport,
} from '../../platform/storage/ingest-session-repository.ts';
import { isOutage } from '../../platform/storage/outage.ts';

export interface SessionReporterParts {
  readonly database: Queryable;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly clientId: string;
  /** Host and port. */
  readonly broker: string;
  readonly group: string | null;
  /** A broker that keeps nothing over a restart, the one in process, loses what nobody could have published. */
  readonly brokerKeepsSessions: boolean;
  /** Taken and not committed, as of now. */
  readonly unacknowledged: () => number;
  readonly now?: () => Date;
}

const TELL_MS = 30_000;
/** A database that is away at shutdown is not waited for. */
const LAST_LIMIT_MS = 2_000;

export class SessionReporter {
  private readonly sessions: IngestSessionRepository;
  private readonly rounds: Rounds;
  private state: IngestSessionReport['state'] = 'disconnected';
  private changedAt: Date;
  private lostAt: Date | null = null;
  /** The broker has kept this session before, in this process or in one before it. */
  private isExpected = false;

  constructor(private readonly parts: SessionReporterParts) {
    this.sessions = new IngestSessionRepository(parts.database);
    this.changedAt = this.now();
    this.rounds = new Rounds({
      restMs: TELL_MS,
      round: () => this.tell(),
      onTrouble: (cause) => {
        // Whoever stores readings says so already.
        if (cause === null || isOutage(cause)) return;
        logFailure(
          parts.logger,
          cause,
          {},
          "the state of the broker's session can't be told to the database",
        );
      },
    });
  }

  /** Before the connection is opened: from then on the broker's answer counts. */
  async start(): Promise<void> {
    // While the database is away nobody knows, and nothing is called lost.
    this.isExpected = await this.sessions.isKnown(this.parts.clientId).catch(() => false);
    this.rounds.start();
  }

  /** Of the connection. It never waits for the database: what is told late has the time of the change. */
  changed({ listening, sessionPresent }: ConnectionChange): void {
    this.state = listening ? 'listening' : 'disconnected';
    this.changedAt = this.now();
    if (listening) {
      const { brokerKeepsSessions } = this.parts;
      if (!sessionPresent && this.isExpected && brokerKeepsSessions) this.lostAt = this.changedAt;
      this.isExpected = true;
    }
    this.rounds.soon();
  }

  async stop(): Promise<void> {
    await this.rounds.stop();
    this.state = 'stopped';
    this.changedAt = this.now();
    await Promise.race([this.tell().catch(() => {}), sleep(LAST_LIMIT_MS, undefined, { ref: false })]);
  }

  private async tell(): Promise<void> {
    const { clientId, broker, group, unacknowledged } = this.parts;
    const { state, changedAt, lostAt } = this;
    await this.sessions.tell({
      clientId,
      broker,
      group,
      state,
      changedAt,
      unacknowledgedMessages: unacknowledged(),
      lostAt,
    });
    // Counted once, unless another was lost while this was told.
    if (this.lostAt === lostAt) this.lostAt = null;
  }

  private now(): Date {
    return this.parts.now?.() ?? new Date();
  }
}

/** What ingest processes say of their sessions at the broker, for dashboards and alerts. */
import type { Queryable } from './database.ts';

export interface IngestSessionReport {
  readonly clientId: string;
  /** Host and port. */
  readonly broker: string;
  readonly group: string | null;
  readonly state: 'listening' | 'disconnected' | 'stopped';
  /** Since when. */
  readonly changedAt: Date;
  readonly unacknowledgedMessages: number;
  /** When the broker was found to have forgotten a session that it should have kept; null: it has not, since the last report. */
  readonly lostAt: Date | null;
}

export class IngestSessionRepository {
  constructor(private readonly database: Queryable) {}

  /** Whether a session of this name has listened before: the broker should know it then. */
  async isKnown(clientId: string): Promise<boolean> {
    const { rows } = await this.database.query('SELECT FROM ingest_session WHERE client_id = $1', [clientId]);
    return rows.length > 0;
  }

  async tell(report: IngestSessionReport): Promise<void> {
    await this.database.query(
      `INSERT INTO ingest_session (client_id, broker, share_group, state, changed_at, told_at, unacknowledged_messages, losses, lost_at)
       VALUES ($1, $2, $3, $4, $5, now(), $6, CASE WHEN $7::timestamptz IS NULL THEN 0 ELSE 1 END, $7)
       ON CONFLICT (client_id) DO UPDATE
         SET broker = EXCLUDED.broker, share_group = EXCLUDED.share_group, state = EXCLUDED.state,
             changed_at = EXCLUDED.changed_at, told_at = EXCLUDED.told_at,
             unacknowledged_messages = EXCLUDED.unacknowledged_messages,
             losses = ingest_session.losses + EXCLUDED.losses,
             lost_at = coalesce(EXCLUDED.lost_at, ingest_session.lost_at)`,
      [
        report.clientId,
        report.broker,
        report.group,
        report.state,
        report.changedAt,
        report.unacknowledgedMessages,
        report.lostAt,
      ],
    );
  }
}

/** The events that scores open, update and close. */
import type { PageRequest } from '../../core/domain/page.ts';
import type { Database, Queryable } from './database.ts';

export interface EventRow {
  readonly anomaly_event_id: string;
  readonly sensor_id: string;
  readonly line_id: string;
  readonly tower_id: string;
  readonly kind: string;
  readonly opened_at: Date;
  readonly updated_at: Date;
  readonly closed_at: Date | null;
  readonly peak_score: number;
  readonly model_version: string;
  readonly reasons: Readonly<Record<string, unknown>>;
}

export interface EventFilter {
  readonly line: string | null;
  readonly tower: string | null;
  readonly open: boolean | null;
}

export class AnomalyEventRepository {
  constructor(private readonly database: Database) {}

  /** One open event a tower and kind: a second sensor of the tower joins the first one's event. */
  async openEvent(client: Queryable, event: Omit<EventRow, 'anomaly_event_id' | 'closed_at'>): Promise<void> {
    await client.query(
      `INSERT INTO anomaly_event (sensor_id, line_id, tower_id, kind, opened_at, updated_at, peak_score, model_version, reasons)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (line_id, tower_id, kind) WHERE closed_at IS NULL DO UPDATE
         SET updated_at = EXCLUDED.updated_at, peak_score = GREATEST(anomaly_event.peak_score, EXCLUDED.peak_score),
             reasons = EXCLUDED.reasons, model_version = EXCLUDED.model_version`,
      [
        event.sensor_id,
        event.line_id,
        event.tower_id,
        event.kind,
        event.opened_at,
        event.updated_at,
        event.peak_score,
        event.model_version,
        event.reasons,
      ],
    );
  }

  async updateEvent(
    client: Queryable,
    sensorId: string,
    updatedAt: Date,
    score: number,
    reasons: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    await client.query(
      `UPDATE anomaly_event SET updated_at = $2, peak_score = GREATEST(peak_score, $3), reasons = $4
       WHERE sensor_id = $1 AND closed_at IS NULL`,
      [sensorId, updatedAt, score, reasons],
    );
  }

  async closeEvent(client: Queryable, sensorId: string, closedAt: Date): Promise<void> {
    await client.query(
      `UPDATE anomaly_event SET updated_at = $2, closed_at = $2 WHERE sensor_id = $1 AND closed_at IS NULL`,
      [sensorId, closedAt],
    );
  }

  async countOpen(): Promise<number> {
    const { rows } = await this.database.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM anomaly_event WHERE closed_at IS NULL',
    );
    return rows[0]?.count ?? 0;
  }

  async find(eventId: string): Promise<EventRow | null> {
    const { rows } = await this.database.query<EventRow>(
      'SELECT * FROM anomaly_event WHERE anomaly_event_id = $1',
      [eventId],
    );
    return rows[0] ?? null;
  }

  async list(page: PageRequest, filter: EventFilter): Promise<EventRow[]> {
    const { rows } = await this.database.query<EventRow>(
      `SELECT * FROM anomaly_event
       WHERE ($1::text IS NULL OR line_id = $1) AND ($2::text IS NULL OR tower_id = $2)
         AND ($3::boolean IS NULL OR (closed_at IS NULL) = $3)
         AND ($4::timestamptz IS NULL OR (date_trunc('milliseconds', opened_at), anomaly_event_id) < ($4, $5::uuid))
       ORDER BY date_trunc('milliseconds', opened_at) DESC, anomaly_event_id DESC LIMIT $6`,
      [
        filter.line,
        filter.tower,
        filter.open,
        page.after?.[0] ?? null,
        page.after?.[1] ?? null,
        page.limit + 1,
      ],
    );
    return rows;
  }

  /** The last look at a tower for the event's reasons. */
  async lastLook(client: Queryable, lineId: string, towerId: string): Promise<Record<string, unknown>[]> {
    const { rows } = await client.query<Record<string, unknown>>(
      `SELECT kind, CASE WHEN shows_defect THEN 'defect' ELSE 'clean' END AS outcome, probability,
              inspected_at AS "inspectedAt", flight_id AS "flightId"
       FROM tower_look WHERE line_id = $1 AND tower_id = $2 ORDER BY kind`,
      [lineId, towerId],
    );
    return rows;
  }
}

/** Readings that wait to be scored, their scores, the scorer's state, and the events that scores open. */
import type { ChannelDeviation, ScoredReading } from '../../core/domain/anomaly.ts';
import type { PageRequest } from '../../core/domain/page.ts';
import type { Database, Queryable } from './database.ts';
import { STATION_OF_LINE, TELEMETRY_COLUMNS, WEATHER_AS_OF } from './training-snapshot-repository.ts';

export interface UnscoredReading {
  readonly sensor_id: string;
  readonly line_id: string;
  readonly tower_id: string;
  readonly observed_at: Date;
  readonly [column: string]: number | string | Date | null;
}

export interface ScorerPosition {
  readonly sensor_id: string;
  readonly scored_until: Date;
}

export interface ScorerState extends ScorerPosition {
  readonly state: Uint8Array;
}

export interface ScoreRow {
  readonly sensorId: string;
  readonly observedAt: Date;
  readonly scored: ScoredReading;
}

export interface StoredScore {
  readonly observed_at: Date;
  readonly score: number;
  readonly channels: readonly ChannelDeviation[];
}

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

export class AnomalyRepository {
  constructor(private readonly database: Database) {}

  async positions(modelVersion: string): Promise<ScorerPosition[]> {
    const { rows } = await this.database.query<ScorerPosition>(
      'SELECT sensor_id, scored_until FROM scorer_state WHERE model_version = $1',
      [modelVersion],
    );
    return rows;
  }

  async states(modelVersion: string): Promise<ScorerState[]> {
    const { rows } = await this.database.query<ScorerState>(
      'SELECT sensor_id, scored_until, state FROM scorer_state WHERE model_version = $1',
      [modelVersion],
    );
    return rows;
  }

  /**
   * Readings beyond where the model stands with each sensor, oldest first, with the weather at the time.
   *
   * A reading waits until its line's weather has caught up with it, or until `graceSeconds` after it was
   * received where the station is silent: so the same reading meets the same weather whenever it is scored.
   *
   * @param trainedUntil where training left each sensor, for those that were never scored
   */
  async unscored(
    modelVersion: string,
    trainedUntil: ReadonlyMap<string, Date>,
    limit: number,
    graceSeconds: number,
  ): Promise<UnscoredReading[]> {
    const { rows } = await this.database.query<UnscoredReading>(
      `WITH trained AS (
         SELECT * FROM unnest($2::text[], $3::timestamptz[]) AS t (sensor_id, trained_until)
       ), stand AS (
         SELECT s.sensor_id, s.line_id, s.tower_id,
                COALESCE(state.scored_until, trained.trained_until, '-infinity') AS scored_until,
                station.sensor_id AS station_id,
                (SELECT max(observed_at) FROM weather_reading w WHERE w.sensor_id = station.sensor_id) AS weather_until
         FROM sensor s
         LEFT JOIN scorer_state state ON state.sensor_id = s.sensor_id AND state.model_version = $1
         LEFT JOIN trained ON trained.sensor_id = s.sensor_id
         ${STATION_OF_LINE}
         WHERE s.kind = 'impedance'
       )
       SELECT r.sensor_id, s.line_id, s.tower_id, r.observed_at, ${TELEMETRY_COLUMNS}
       FROM stand s
       CROSS JOIN LATERAL (SELECT s.station_id AS sensor_id) station
       CROSS JOIN LATERAL (
         SELECT * FROM impedance_reading r
         WHERE r.sensor_id = s.sensor_id AND r.observed_at > s.scored_until
           AND (s.station_id IS NULL OR r.observed_at <= s.weather_until OR r.received_at < now() - make_interval(secs => $5))
         ORDER BY r.observed_at LIMIT $4
       ) r
       ${WEATHER_AS_OF}
       ORDER BY r.observed_at, r.sensor_id LIMIT $4`,
      [modelVersion, [...trainedUntil.keys()], [...trainedUntil.values()], limit, graceSeconds],
    );
    return rows;
  }

  /** Readings after the champion's training that it has not scored yet, the ones that wait for weather included. */
  async countUnscored(): Promise<number> {
    const { rows } = await this.database.query<{ behind: number }>(
      `SELECT count(*)::int AS behind
       FROM model_version champion
       JOIN sensor s ON s.kind = 'impedance'
       LEFT JOIN scorer_state state ON state.sensor_id = s.sensor_id AND state.model_version = champion.version
       JOIN impedance_reading r ON r.sensor_id = s.sensor_id
         AND r.observed_at > COALESCE(state.scored_until, (champion.manifest -> 'record' ->> 'cutoff')::timestamptz, '-infinity')
       WHERE champion.model = 'impedance-anomaly' AND champion.stage = 'champion'`,
    );
    return rows[0]?.behind ?? 0;
  }

  /** What a model version said of one sensor, oldest first. */
  async scoresOf(sensorId: string, modelVersion: string): Promise<StoredScore[]> {
    const { rows } = await this.database.query<StoredScore>(
      `SELECT observed_at, score, channels FROM anomaly_score
       WHERE sensor_id = $1 AND model_version = $2 ORDER BY observed_at`,
      [sensorId, modelVersion],
    );
    return rows;
  }

  async storeScores(client: Queryable, modelVersion: string, scores: readonly ScoreRow[]): Promise<void> {
    await client.query(
      `INSERT INTO anomaly_score (sensor_id, observed_at, model_version, score, anomalous, channels)
       SELECT sensor_id, observed_at, $1, score, anomalous, channels
       FROM unnest($2::text[], $3::timestamptz[], $4::float8[], $5::bool[], $6::jsonb[])
         AS t (sensor_id, observed_at, score, anomalous, channels)
       ON CONFLICT (sensor_id, observed_at, model_version) DO NOTHING`,
      [
        modelVersion,
        scores.map((row) => row.sensorId),
        scores.map((row) => row.observedAt),
        scores.map((row) => row.scored.score),
        scores.map((row) => row.scored.anomalous),
        scores.map((row) => JSON.stringify(row.scored.channels)),
      ],
    );
  }

  async storePositions(
    client: Queryable,
    modelVersion: string,
    positions: readonly ScorerState[],
  ): Promise<void> {
    await client.query(
      `INSERT INTO scorer_state (sensor_id, model_version, scored_until, state)
       SELECT sensor_id, $1, scored_until, state
       FROM unnest($2::text[], $3::timestamptz[], $4::bytea[]) AS t (sensor_id, scored_until, state)
       ON CONFLICT (sensor_id, model_version) DO UPDATE
         SET scored_until = EXCLUDED.scored_until, state = EXCLUDED.state`,
      [
        modelVersion,
        positions.map((row) => row.sensor_id),
        positions.map((row) => row.scored_until),
        positions.map((row) => Buffer.from(row.state)),
      ],
    );
  }

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

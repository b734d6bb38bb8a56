/** Readings that wait to be scored, their scores, and the scorer's state. */
import type { ChannelDeviation, ScoredReading } from '../../core/domain/anomaly.ts';
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

export class AnomalyScoreRepository {
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
}

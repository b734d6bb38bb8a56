/** Readings that a model version has scored, with the weather that they met and what was said of them. */
import type { Database } from './database.ts';
import { STATION_OF_LINE, TELEMETRY_COLUMNS, WEATHER_AS_OF } from './training-snapshot-repository.ts';

export interface ScoredReadingRow {
  readonly observed_at: Date;
  readonly score: number;
  readonly anomalous: boolean;
  readonly [column: string]: number | string | boolean | Date | null;
}

/** Rows fetched at a time: a few megabytes. */
const FETCH_ROWS = 20_000;

export class ScoredReadingRepository {
  constructor(private readonly database: Database) {}

  /** Of one sensor, oldest first, up to and including `until`; in batches. */
  async *upTo(sensorId: string, modelVersion: string, until: Date): AsyncGenerator<ScoredReadingRow[]> {
    for (let after: Date | string = '-infinity'; ;) {
      const { rows }: { rows: ScoredReadingRow[] } = await this.database.query<ScoredReadingRow>(
        `SELECT r.observed_at, a.score, a.anomalous, ${TELEMETRY_COLUMNS}
           FROM anomaly_score a
           JOIN impedance_reading r USING (sensor_id, observed_at)
           JOIN sensor s USING (sensor_id) ${STATION_OF_LINE} ${WEATHER_AS_OF}
          WHERE a.sensor_id = $1 AND a.model_version = $2 AND a.observed_at > $3 AND a.observed_at <= $4
          ORDER BY a.observed_at LIMIT $5`,
        [sensorId, modelVersion, after, until, FETCH_ROWS],
      );
      if (rows.length > 0) yield rows;
      const last = rows.at(-1);
      if (!last || rows.length < FETCH_ROWS) return;
      after = last.observed_at;
    }
  }
}

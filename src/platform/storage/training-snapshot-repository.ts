/** What training may see as of a cut-off, read row by row so that memory stays bounded. */
import type { Database } from './database.ts';

export interface TelemetryRow {
  readonly observed_at: Date;
  readonly sensor_id: string;
  readonly [column: string]: number | string | Date | null;
}

export interface InspectionRow {
  readonly inspected_at: Date;
  readonly sensor_id: string;
  readonly finding: 'clean' | 'defect';
  readonly probability: number;
  /** Null for a clean look. */
  readonly kind: string | null;
}

export interface SiteRow {
  readonly sensor_id: string;
  readonly site: string;
  readonly tower_id: string;
}

/** Rows fetched at a time: a few megabytes. */
const FETCH_ROWS = 20_000;

/** The weather of a sensor's line at a reading: the newest that the line's stations had observed by then. */
export const WEATHER_AS_OF = `
  LEFT JOIN LATERAL (
    SELECT w.* FROM weather_reading w
    WHERE w.sensor_id = station.sensor_id AND w.observed_at <= r.observed_at
      AND w.observed_at > r.observed_at - INTERVAL '3 hours'
    ORDER BY w.observed_at DESC LIMIT 1
  ) w ON true`;

/** One weather station a line speaks for it: the first by name. */
export const STATION_OF_LINE = `
  LEFT JOIN LATERAL (
    SELECT st.sensor_id FROM sensor st WHERE st.line_id = s.line_id AND st.kind = 'weather' ORDER BY st.sensor_id LIMIT 1
  ) station ON true`;

export const TELEMETRY_COLUMNS = `
  r.resistance_ohm, r.reactance_ohm, r.leakage_milliampere, r.load_ampere,
  w.air_celsius, w.humidity_percent, w.rain_millimetre_per_hour, w.wind_metre_per_second, w.solar_watt_per_square_metre`;

export class TrainingSnapshotRepository {
  constructor(private readonly database: Database) {}

  /** Every impedance reading up to the cut-off with the weather at the time, ordered by sensor and time. */
  async *telemetry(cutoff: Date): AsyncGenerator<TelemetryRow[]> {
    const { rows: sensors } = await this.database.query<{ sensor_id: string }>(
      `SELECT sensor_id FROM sensor WHERE kind = 'impedance' ORDER BY sensor_id`,
    );
    for (const { sensor_id: sensorId } of sensors) yield* this.telemetryOf(sensorId, cutoff);
  }

  private async *telemetryOf(sensorId: string, cutoff: Date): AsyncGenerator<TelemetryRow[]> {
    for (let after = new Date(0); ;) {
      const { rows } = await this.database.query<TelemetryRow>(
        `SELECT r.observed_at, r.sensor_id, ${TELEMETRY_COLUMNS}
         FROM impedance_reading r JOIN sensor s USING (sensor_id) ${STATION_OF_LINE} ${WEATHER_AS_OF}
         WHERE r.sensor_id = $1 AND r.observed_at > $2 AND r.observed_at <= $3
         ORDER BY r.observed_at LIMIT $4`,
        [sensorId, after, cutoff, FETCH_ROWS],
      );
      if (rows.length > 0) yield rows;
      const last = rows.at(-1);
      if (!last || rows.length < FETCH_ROWS) return;
      after = last.observed_at;
    }
  }

  /**
   * Labels in force at the cut-off as looks: what each look said of the sensor's tower, the surest defect first.
   * A look without a defect is clean of every kind it could see; unknown spans are no looks.
   */
  async inspections(cutoff: Date): Promise<InspectionRow[]> {
    const { rows } = await this.database.query<InspectionRow>(
      `SELECT DISTINCT ON (sensor_id, to_at) to_at AS inspected_at, sensor_id, state AS finding, probability,
              CASE state WHEN 'defect' THEN kind END AS kind
       FROM label
       WHERE state <> 'unknown' AND to_at <= $1
         AND NOT EXISTS (SELECT FROM label newer WHERE newer.supersedes = label.label_id)
       ORDER BY sensor_id, to_at, state = 'defect' DESC, probability DESC, kind`,
      [cutoff],
    );
    return rows;
  }

  /** Where each sensor stands: those of one line share weather, those of one tower a defect. */
  async sites(): Promise<SiteRow[]> {
    const { rows } = await this.database.query<SiteRow>(
      `SELECT sensor_id, line_id AS site, tower_id FROM sensor WHERE kind = 'impedance' ORDER BY sensor_id`,
    );
    return rows;
  }
}

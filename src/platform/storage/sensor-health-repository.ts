/** Whether sensors still report as they should. */
import type { Queryable } from './database.ts';

export const SENSOR_STATES = ['ok', 'silent', 'stuck', 'skewed', 'never_seen'] as const;
export type SensorState = (typeof SENSOR_STATES)[number];

export interface SensorHealthRow {
  readonly sensor_id: string;
  readonly line_id: string;
  readonly tower_id: string;
  readonly kind: string;
  readonly state: SensorState;
  readonly last_observed_at: Date | null;
  readonly last_received_at: Date | null;
  /** Median time between the readings of the last day; null with fewer than two. */
  readonly typical_interval_seconds: number | null;
  /** Since the next reading was due; null for a sensor that never sent one. */
  readonly silent_seconds: number | null;
  readonly gaps_last_day: number;
  /** Columns whose last 20 values of the last day are one and the same, other than zero. */
  readonly stuck_channels: readonly string[];
  /** Median of received minus observed over the last day: below zero is a clock that runs ahead. */
  readonly clock_skew_seconds: number | null;
}

export class SensorHealthRepository {
  constructor(private readonly database: Queryable) {}

  async list(state: SensorState | null): Promise<SensorHealthRow[]> {
    const { rows } = await this.database.query<SensorHealthRow>(
      'SELECT * FROM sensor_health WHERE $1::text IS NULL OR state = $1 ORDER BY line_id, tower_id, sensor_id',
      [state],
    );
    return rows;
  }

  /** Every state, with zero where no sensor has it. */
  async countByState(): Promise<Readonly<Record<SensorState, number>>> {
    const { rows } = await this.database.query<{ state: SensorState; sensors: number }>(
      'SELECT state, count(*)::int AS sensors FROM sensor_health GROUP BY state',
    );
    const found = new Map(rows.map(({ state, sensors }) => [state, sensors]));
    return Object.fromEntries(SENSOR_STATES.map((state) => [state, found.get(state) ?? 0])) as Record<
      SensorState,
      number
    >;
  }
}

/** Where sensors stood at the turns of slots of time, and what their readings were compared with. */
import type { Database, Queryable } from './database.ts';

export interface PeerStandingRow {
  readonly sensor_id: string;
  readonly slot: number;
  /** Float32 numbers; null while the sensor could not be judged yet. */
  readonly standing: Uint8Array | null;
  readonly peers: number;
  /** Null without peers. */
  readonly median: Uint8Array | null;
}

export interface LineSlot {
  readonly lineId: string;
  readonly slot: number;
}

export interface LineStanding {
  readonly sensor_id: string;
  readonly line_id: string;
  readonly slot: number;
  readonly standing: Uint8Array;
}

export class PeerStandingRepository {
  constructor(private readonly database: Database) {}

  async store(client: Queryable, modelVersion: string, rows: readonly PeerStandingRow[]): Promise<void> {
    await client.query(
      `INSERT INTO peer_standing (model_version, slot, sensor_id, standing, peers, median)
       SELECT $1, slot, sensor_id, standing, peers, median
       FROM unnest($2::bigint[], $3::text[], $4::bytea[], $5::int[], $6::bytea[])
         AS t (slot, sensor_id, standing, peers, median)
       ON CONFLICT (model_version, slot, sensor_id) DO NOTHING`,
      [
        modelVersion,
        rows.map((row) => row.slot),
        rows.map((row) => row.sensor_id),
        rows.map((row) => row.standing),
        rows.map((row) => row.peers),
        rows.map((row) => row.median),
      ],
    );
  }

  /** Of all sensors of these lines that could be judged when they entered the slots. */
  async ofLines(
    client: Queryable,
    modelVersion: string,
    wanted: readonly LineSlot[],
  ): Promise<LineStanding[]> {
    const { rows } = await client.query<LineStanding>(
      `SELECT p.sensor_id, s.line_id, p.slot::float8 AS slot, p.standing
       FROM unnest($2::text[], $3::bigint[]) AS wanted (line_id, slot)
       JOIN sensor s ON s.line_id = wanted.line_id AND s.kind = 'impedance'
       JOIN peer_standing p ON p.model_version = $1 AND p.slot = wanted.slot AND p.sensor_id = s.sensor_id
       WHERE p.standing IS NOT NULL`,
      [modelVersion, wanted.map(({ lineId }) => lineId), wanted.map(({ slot }) => slot)],
    );
    return rows;
  }

  /** All that a sensor's readings were compared with, oldest first. */
  async ofSensor(sensorId: string, modelVersion: string): Promise<PeerStandingRow[]> {
    const { rows } = await this.database.query<PeerStandingRow>(
      `SELECT sensor_id, slot::float8 AS slot, standing, peers, median
       FROM peer_standing WHERE sensor_id = $1 AND model_version = $2 ORDER BY slot`,
      [sensorId, modelVersion],
    );
    return rows;
  }
}

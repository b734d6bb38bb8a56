/** Lines and towers, as far as inspection and anomalies need to find them. */
import type { Database, Queryable } from './database.ts';

export interface TowerPosition {
  readonly lineId: string;
  readonly towerId: string;
  readonly latitudeDeg: number;
  readonly longitudeDeg: number;
}

export interface MaybePlacedTower {
  readonly lineId: string;
  readonly towerId: string;
  readonly latitudeDeg: number | null;
  readonly longitudeDeg: number | null;
}

/** Metres of latitude to a degree, rounded down so that the window is rather too large. */
const METRE_PER_DEGREE = 111_000;

export class AssetRepository {
  constructor(private readonly database: Database) {}

  /** A tower that is registered; where it stands may not be known. */
  async find(
    lineId: string,
    towerId: string,
    client: Queryable = this.database,
  ): Promise<MaybePlacedTower | null> {
    const { rows } = await client.query<MaybePlacedTower>(
      `SELECT line_id AS "lineId", tower_id AS "towerId", latitude_deg AS "latitudeDeg", longitude_deg AS "longitudeDeg"
       FROM tower WHERE line_id = $1 AND tower_id = $2`,
      [lineId, towerId],
    );
    return rows[0] ?? null;
  }

  /** Towers in a window of at least `radiusMetre` around a point; the caller measures exactly. */
  async towersNear(latitudeDeg: number, longitudeDeg: number, radiusMetre: number): Promise<TowerPosition[]> {
    const latitudeSpan = radiusMetre / METRE_PER_DEGREE;
    const longitudeSpan = latitudeSpan / Math.max(0.01, Math.cos((latitudeDeg * Math.PI) / 180));
    const { rows } = await this.database.query<TowerPosition>(
      `SELECT line_id AS "lineId", tower_id AS "towerId", latitude_deg AS "latitudeDeg", longitude_deg AS "longitudeDeg"
       FROM tower
       WHERE latitude_deg BETWEEN $1::float8 - $3::float8 AND $1::float8 + $3::float8
         AND longitude_deg BETWEEN $2::float8 - $4::float8 AND $2::float8 + $4::float8`,
      [latitudeDeg, longitudeDeg, latitudeSpan, longitudeSpan],
    );
    return rows;
  }
}

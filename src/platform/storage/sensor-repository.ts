/** Knows every sensor's place and kind, and registers sensors seen for the first time with their line and tower. */
import type { SensorPlace } from '../../core/domain/sensor-topic.ts';
import type { Queryable } from './database.ts';

export interface TowerPlace {
  readonly lineId: string;
  readonly towerId: string;
  readonly latitudeDeg: number | null;
  readonly longitudeDeg: number | null;
}

export class SensorRepository {
  /** Sensors stay where they are, so what was read once holds; `load` reads it anew. */
  private readonly places = new Map<string, SensorPlace>();

  constructor(private readonly database: Queryable) {}

  /** From memory: undefined says only that it was neither loaded nor registered here. */
  known(sensorId: string): SensorPlace | undefined {
    return this.places.get(sensorId);
  }

  /** Reads the places of these sensors into memory; unknown ones stay unknown. */
  async load(sensorIds: readonly string[]): Promise<void> {
    if (sensorIds.length > 0) await this.read('WHERE sensor_id = ANY($1)', [sensorIds]);
  }

  async loadAll(): Promise<void> {
    await this.read('', []);
  }

  async all(): Promise<SensorPlace[]> {
    await this.loadAll();
    return [...this.places.values()];
  }

  private async read(condition: string, values: readonly unknown[]): Promise<void> {
    const { rows } = await this.database.query<SensorPlace>(
      `SELECT sensor_id AS "sensorId", line_id AS "lineId", tower_id AS "towerId", kind FROM sensor ${condition}`,
      values,
    );
    for (const place of rows) this.places.set(place.sensorId, place);
  }

  /**
   * Registers those that are not there yet and reads the places of all. A sensor that is there already keeps its
   * place and kind, whoever else registers it at the same time: compare with `known`.
   */
  async register(places: readonly SensorPlace[]): Promise<void> {
    if (places.length === 0) return;
    // In one order everywhere, lest two processes wait for each other's rows.
    const sorted = [...places].sort((a, b) => (a.sensorId < b.sensorId ? -1 : 1));
    await this.registerTowers(
      sorted.map(({ lineId, towerId }) => ({ lineId, towerId, latitudeDeg: null, longitudeDeg: null })),
    );
    await this.database.query(
      `INSERT INTO sensor (sensor_id, line_id, tower_id, kind)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
       ON CONFLICT (sensor_id) DO NOTHING`,
      [
        sorted.map(({ sensorId }) => sensorId),
        sorted.map(({ lineId }) => lineId),
        sorted.map(({ towerId }) => towerId),
        sorted.map(({ kind }) => kind),
      ],
    );
    await this.load(sorted.map(({ sensorId }) => sensorId));
  }

  /** Registers towers with their lines; a position that is given replaces the one that is there. */
  async registerTowers(towers: readonly TowerPlace[]): Promise<void> {
    const distinct = new Map(towers.map((tower) => [`${tower.lineId}/${tower.towerId}`, tower]));
    const sorted = [...distinct.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, tower]) => tower);
    const lineIds = [...new Set(sorted.map(({ lineId }) => lineId))];
    await this.database.query(
      `INSERT INTO line (line_id, name) SELECT id, id FROM unnest($1::text[]) AS id
       ON CONFLICT (line_id) DO NOTHING`,
      [lineIds],
    );
    await this.database.query(
      `INSERT INTO tower (line_id, tower_id, latitude_deg, longitude_deg)
       SELECT * FROM unnest($1::text[], $2::text[], $3::float8[], $4::float8[])
       ON CONFLICT (line_id, tower_id) DO UPDATE
         SET latitude_deg = excluded.latitude_deg, longitude_deg = excluded.longitude_deg
         WHERE excluded.latitude_deg IS NOT NULL AND excluded.longitude_deg IS NOT NULL`,
      [
        sorted.map(({ lineId }) => lineId),
        sorted.map(({ towerId }) => towerId),
        sorted.map(({ latitudeDeg }) => latitudeDeg),
        sorted.map(({ longitudeDeg }) => longitudeDeg),
      ],
    );
  }
}

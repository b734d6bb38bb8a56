/** Labels: never changed, only superseded. */
import type { Label } from '../../core/domain/label.ts';
import type { PageRequest } from '../../core/domain/page.ts';
import type { Database, Queryable } from './database.ts';

export interface LabelRow {
  readonly label_id: string;
  readonly sensor_id: string;
  readonly kind: string;
  readonly state: 'clean' | 'defect' | 'unknown';
  readonly from_at: Date;
  readonly to_at: Date;
  readonly probability: number;
  readonly finding_ids: string[];
  readonly author: string;
  readonly source: string;
  readonly supersedes: string | null;
  readonly created_at: Date;
}

/** A label that no later one supersedes. */
const CURRENT = 'NOT EXISTS (SELECT FROM label newer WHERE newer.supersedes = label.label_id)';

export class LabelRepository {
  constructor(private readonly database: Database) {}

  async sensorsOfTower(client: Queryable, lineId: string, towerId: string, kind: string): Promise<string[]> {
    const { rows } = await client.query<{ sensor_id: string }>(
      'SELECT sensor_id FROM sensor WHERE line_id = $1 AND tower_id = $2 AND kind = $3 ORDER BY sensor_id',
      [lineId, towerId, kind],
    );
    return rows.map((row) => row.sensor_id);
  }

  async current(client: Queryable, sensorId: string, kind: string | null = null): Promise<LabelRow[]> {
    const { rows } = await client.query<LabelRow>(
      `SELECT * FROM label
        WHERE sensor_id = $1 AND ($2::text IS NULL OR kind = $2) AND ${CURRENT} ORDER BY kind, to_at, state`,
      [sensorId, kind],
    );
    return rows;
  }

  async add(
    client: Queryable,
    sensorId: string,
    kind: string,
    label: Label,
    origin: { readonly author: string; readonly source: string; readonly supersedes: string | null },
  ): Promise<void> {
    await client.query(
      `INSERT INTO label (sensor_id, kind, state, from_at, to_at, probability, finding_ids, author, source, supersedes)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        sensorId,
        kind,
        label.state,
        label.fromAt,
        label.toAt,
        label.probability,
        label.findingIds,
        origin.author,
        origin.source,
        origin.supersedes,
      ],
    );
  }

  async list(page: PageRequest, sensorId: string | null): Promise<LabelRow[]> {
    const { rows } = await this.database.query<LabelRow>(
      `SELECT * FROM label
       WHERE ($1::text IS NULL OR sensor_id = $1)
         AND ($2::timestamptz IS NULL OR (date_trunc('milliseconds', created_at), label_id) < ($2, $3::uuid))
       ORDER BY date_trunc('milliseconds', created_at) DESC, label_id DESC LIMIT $4`,
      [sensorId, page.after?.[0] ?? null, page.after?.[1] ?? null, page.limit + 1],
    );
    return rows;
  }
}

/** What inspections said of towers. */
import type { Finding } from '../../core/domain/finding.ts';
import type { PageRequest } from '../../core/domain/page.ts';
import type { Database, Queryable } from './database.ts';

export interface FindingRow {
  readonly finding_id: string;
  readonly line_id: string;
  readonly tower_id: string;
  readonly flight_id: string;
  readonly kind: string;
  readonly outcome: 'clean' | 'defect';
  readonly probability: number;
  readonly inspected_at: Date;
  readonly image_ids: string[];
  readonly model_version: string;
  readonly review_state: 'unreviewed' | 'confirmed' | 'rejected' | 'reclassed';
}

export interface Inspection {
  readonly lineId: string;
  readonly towerId: string;
  readonly flightId: string;
  readonly inspectedAt: Date;
  readonly imageIds: readonly string[];
  readonly modelVersion: string;
}

export interface FindingFilter {
  readonly line: string | null;
  readonly tower: string | null;
  readonly outcome: string | null;
}

export class FindingRepository {
  constructor(private readonly database: Database) {}

  /** One finding a tower, flight and kind: another photograph of the same look makes it better, not a second one. */
  async store(client: Queryable, inspection: Inspection, findings: readonly Finding[]): Promise<void> {
    for (const { kind, outcome, probability } of findings) {
      await client.query(
        `INSERT INTO finding (line_id, tower_id, flight_id, kind, outcome, probability, inspected_at, image_ids, model_version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (line_id, tower_id, flight_id, kind, defect_number) DO UPDATE
           SET outcome = EXCLUDED.outcome, probability = EXCLUDED.probability, inspected_at = EXCLUDED.inspected_at,
               image_ids = EXCLUDED.image_ids, model_version = EXCLUDED.model_version
           WHERE finding.review_state = 'unreviewed'`,
        [
          inspection.lineId,
          inspection.towerId,
          inspection.flightId,
          kind,
          outcome,
          probability,
          inspection.inspectedAt,
          inspection.imageIds,
          inspection.modelVersion,
        ],
      );
    }
  }

  async ofTower(lineId: string, towerId: string, client: Queryable = this.database): Promise<FindingRow[]> {
    const { rows } = await client.query<FindingRow>(
      'SELECT * FROM finding WHERE line_id = $1 AND tower_id = $2 ORDER BY inspected_at, kind',
      [lineId, towerId],
    );
    return rows;
  }

  async list(page: PageRequest, filter: FindingFilter): Promise<FindingRow[]> {
    const { rows } = await this.database.query<FindingRow>(
      `SELECT * FROM finding
       WHERE ($1::text IS NULL OR line_id = $1) AND ($2::text IS NULL OR tower_id = $2)
         AND ($3::text IS NULL OR outcome = $3)
         AND ($4::timestamptz IS NULL OR (date_trunc('milliseconds', inspected_at), finding_id) < ($4, $5::uuid))
       ORDER BY date_trunc('milliseconds', inspected_at) DESC, finding_id DESC LIMIT $6`,
      [
        filter.line,
        filter.tower,
        filter.outcome,
        page.after?.[0] ?? null,
        page.after?.[1] ?? null,
        page.limit + 1,
      ],
    );
    return rows;
  }
}

/** What inspections said of towers: findings, and the boxes that show them. */
import type { FindingOutcome, ReviewState } from '../../core/domain/finding.ts';
import type { PageRequest } from '../../core/domain/page.ts';
import type { FindingPlan, FindingValues } from '../../core/findings/plan-findings.ts';
import type { Database, Queryable } from './database.ts';

export interface FindingRow {
  readonly finding_id: string;
  readonly line_id: string;
  readonly tower_id: string;
  readonly flight_id: string;
  readonly kind: string;
  readonly detected_kind: string | null;
  readonly defect_number: number;
  readonly outcome: FindingOutcome;
  readonly probability: number;
  readonly severity: number | null;
  readonly height_metre: number | null;
  readonly height_sigma_metre: number | null;
  readonly inspected_at: Date;
  /** The one that shows it best first. */
  readonly image_ids: string[];
  /** Null where a person found it. */
  readonly model_version: string | null;
  readonly review_state: ReviewState;
  readonly revision: number;
  readonly reviewed_by: string | null;
  readonly reviewed_at: Date | null;
  readonly opinions_wanted: number;
  readonly opinion_count: number;
  readonly waiting_since: Date;
}

/** A box that shows a finding, as it stands now. */
export interface EvidenceRow {
  readonly finding_id: string;
  readonly image_id: string;
  readonly annotation_id: string;
  /** Null where a person drew it. */
  readonly detection_id: string | null;
  readonly category: string;
  readonly score: number | null;
  readonly state: 'proposed' | 'confirmed' | 'rejected';
  readonly x_px: number;
  readonly y_px: number;
  readonly width_px: number;
  readonly height_px: number;
}

/** One tower in one flight. */
export interface LookKey {
  readonly lineId: string;
  readonly towerId: string;
  readonly flightId: string;
}

export interface Inspection extends LookKey {
  readonly inspectedAt: Date;
  readonly modelVersion: string;
}

export interface FindingFilter {
  readonly line: string | null;
  readonly tower: string | null;
  readonly outcome: string | null;
}

export class FindingRepository {
  constructor(private readonly database: Database) {}

  /** Until the transaction ends nobody else, person or machine, changes what is said of this look. */
  async lockLook(client: Queryable, { lineId, towerId, flightId }: LookKey): Promise<void> {
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `${lineId}/${towerId}/${flightId}`,
    ]);
  }

  async find(findingId: string, client: Queryable = this.database): Promise<FindingRow | null> {
    const { rows } = await client.query<FindingRow>('SELECT * FROM finding WHERE finding_id = $1', [
      findingId,
    ]);
    return rows[0] ?? null;
  }

  async ofLook(client: Queryable, { lineId, towerId, flightId }: LookKey): Promise<FindingRow[]> {
    const { rows } = await client.query<FindingRow>(
      `SELECT * FROM finding WHERE line_id = $1 AND tower_id = $2 AND flight_id = $3 ORDER BY kind, defect_number`,
      [lineId, towerId, flightId],
    );
    return rows;
  }

  /** The surest first; those that people drew come before. */
  async evidenceOf(findingIds: readonly string[], client: Queryable = this.database): Promise<EvidenceRow[]> {
    const { rows } = await client.query<EvidenceRow>(
      `SELECT e.finding_id, e.image_id, e.annotation_id, e.detection_id, a.category, a.score, a.state,
              a.x_px, a.y_px, a.width_px, a.height_px
         FROM finding_evidence e JOIN annotation a USING (image_id, annotation_id)
        WHERE e.finding_id = ANY ($1::uuid[]) ORDER BY a.score DESC NULLS FIRST, e.annotation_id`,
      [findingIds],
    );
    return rows;
  }

  /** Writes what the analysis of a look came to; what a person decided since the plan was made stays. */
  async carryOut(client: Queryable, inspection: Inspection, plan: FindingPlan): Promise<void> {
    for (const findingId of plan.remove) {
      await client.query(`DELETE FROM finding WHERE finding_id = $1 AND review_state = 'unreviewed'`, [
        findingId,
      ]);
    }
    for (const values of plan.update) {
      await client.query(
        `UPDATE finding
            SET outcome = $2, probability = $3, severity = $4, height_metre = $5, height_sigma_metre = $6,
                inspected_at = $7, image_ids = $8, model_version = $9,
                revision = revision + CASE WHEN $10::boolean OR (outcome, probability, severity, height_metre, inspected_at, image_ids, model_version)
                  IS DISTINCT FROM ($2::text, $3::float8, $4::smallint, $5::float8, $7::timestamptz, $8::uuid[], $9::text) THEN 1 ELSE 0 END,
                waiting_since = CASE outcome WHEN $2 THEN waiting_since ELSE now() END
          WHERE finding_id = $1 AND review_state = 'unreviewed'`,
        [values.findingId, ...columnsOf(values, inspection), values.isSeenOtherwise],
      );
      await client.query('DELETE FROM finding_evidence WHERE finding_id = $1', [values.findingId]);
      await this.addEvidence(client, values.findingId, values.boxes);
    }
    for (const values of plan.insert) {
      const { rows } = await client.query<{ finding_id: string }>(
        `INSERT INTO finding (outcome, probability, severity, height_metre, height_sigma_metre, inspected_at, image_ids,
                              model_version, line_id, tower_id, flight_id, kind, detected_kind, defect_number)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13) RETURNING finding_id`,
        [
          ...columnsOf(values, inspection),
          inspection.lineId,
          inspection.towerId,
          inspection.flightId,
          values.kind,
          values.defectNumber,
        ],
      );
      await this.addEvidence(client, rows[0]!.finding_id, values.boxes);
    }
    for (const { findingId, boxes } of plan.grow) {
      await this.addEvidence(client, findingId, boxes);
      await client.query(
        `UPDATE finding SET revision = revision + 1,
                image_ids = image_ids || ARRAY(SELECT DISTINCT more FROM unnest($2::uuid[]) AS more WHERE more <> ALL (image_ids))
          WHERE finding_id = $1`,
        [findingId, boxes.map(({ imageId }) => imageId)],
      );
    }
  }

  /** A defect that a person found; the row by which the detector called the tower clean, unseen by anybody, becomes it. */
  async addFound(
    client: Queryable,
    found: LookKey & {
      readonly kind: string;
      readonly inspectedAt: Date;
      readonly imageIds: readonly string[];
    },
  ): Promise<FindingRow> {
    const { rows } = await client.query<FindingRow>(
      `WITH look AS (SELECT * FROM finding WHERE line_id = $1 AND tower_id = $2 AND flight_id = $3 AND kind = $4),
            clean AS (
              UPDATE finding SET outcome = 'defect', image_ids = $6, detected_kind = NULL, model_version = NULL
               WHERE finding_id IN (SELECT finding_id FROM look WHERE outcome = 'clean' AND review_state = 'unreviewed') RETURNING *),
            added AS (
              INSERT INTO finding (line_id, tower_id, flight_id, kind, defect_number, outcome, probability, inspected_at, image_ids)
              SELECT $1, $2, $3, $4, (SELECT coalesce(max(defect_number), 0) + 1 FROM look), 'defect', 1,
                     coalesce((SELECT max(inspected_at) FROM finding WHERE line_id = $1 AND tower_id = $2 AND flight_id = $3), $5), $6
               WHERE NOT EXISTS (SELECT FROM clean) RETURNING *)
       SELECT * FROM clean UNION ALL SELECT * FROM added`,
      [
        found.lineId,
        found.towerId,
        found.flightId,
        found.kind,
        found.inspectedAt,
        [...new Set(found.imageIds)],
      ],
    );
    return rows[0]!;
  }

  private async addEvidence(
    client: Queryable,
    findingId: string,
    boxes: FindingValues['boxes'],
  ): Promise<void> {
    await client.query(
      `INSERT INTO finding_evidence (finding_id, image_id, detection_id)
       SELECT $1, image_id, detection_id FROM unnest($2::uuid[], $3::bigint[]) AS seen (image_id, detection_id)
       ON CONFLICT DO NOTHING`,
      [findingId, boxes.map(({ imageId }) => imageId), boxes.map(({ boxId }) => boxId.slice(1))],
    );
  }

  async ofTower(lineId: string, towerId: string, client: Queryable = this.database): Promise<FindingRow[]> {
    const { rows } = await client.query<FindingRow>(
      'SELECT * FROM finding WHERE line_id = $1 AND tower_id = $2 ORDER BY inspected_at, kind, defect_number',
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

function columnsOf(values: FindingValues, inspection: Inspection): unknown[] {
  const { outcome, probability, severity, height, imageIds } = values;
  return [
    outcome,
    probability,
    severity,
    height?.metre ?? null,
    height?.sigmaMetre ?? null,
    inspection.inspectedAt,
    imageIds,
    inspection.modelVersion,
  ];
}

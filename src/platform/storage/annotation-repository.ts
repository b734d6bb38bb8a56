/** Boxes as they stand, and what people say of them. */
import type { Box } from '../../core/geometry/box-overlap.ts';
import type { Database, Queryable } from './database.ts';

/** A row of the view `annotation` (migration 0024). */
export interface AnnotationRow {
  readonly image_id: string;
  readonly annotation_id: string;
  /** Null where a person drew it. */
  readonly detection_id: string | null;
  readonly category: string;
  readonly x_px: number;
  readonly y_px: number;
  readonly width_px: number;
  readonly height_px: number;
  /** Null where a person drew it or called it otherwise. */
  readonly score: number | null;
  readonly state: 'proposed' | 'confirmed' | 'rejected';
  readonly reviewed_by: string | null;
  readonly reviewed_at: Date | null;
  readonly model_version: string | null;
}

/** A box that is worth drawing. */
export interface StandingBox {
  readonly x_px: number;
  readonly y_px: number;
  readonly width_px: number;
  readonly height_px: number;
  /** Whether its category is one that findings are made of. */
  readonly is_defect: boolean;
}

/** A box that no person has spoken of stands from this score on. */
const LEAST_SCORE = 0.5;

export interface BoxWord {
  readonly imageId: string;
  /** Of the box that is spoken of; null for one that nobody has drawn yet. */
  readonly annotationId: string | null;
  readonly decision: 'confirmed' | 'rejected' | 'reclassed' | 'corrected' | 'added';
  readonly category: string;
  readonly bbox: Box;
  readonly reviewer: string;
  readonly reason: string | null;
  /** ISO 8601, of a word that was given elsewhere; left out for now. */
  readonly reviewedAt?: string | null;
}

export class AnnotationRepository {
  constructor(private readonly database: Database) {}

  async ofImages(imageIds: readonly string[], client: Queryable = this.database): Promise<AnnotationRow[]> {
    const { rows } = await client.query<AnnotationRow>(
      `SELECT * FROM annotation WHERE image_id = ANY ($1::uuid[]) ORDER BY score DESC NULLS FIRST, annotation_id`,
      [imageIds],
    );
    return rows;
  }

  /** What a person drew or confirmed, and what the detector is rather sure of; nothing that was rejected. */
  async standingOn(imageId: string): Promise<StandingBox[]> {
    const { rows } = await this.database.query<StandingBox>(
      `SELECT x_px, y_px, width_px, height_px,
              EXISTS (SELECT FROM finding WHERE finding.kind = annotation.category) AS is_defect
         FROM annotation
        WHERE image_id = $1 AND (state = 'confirmed' OR (state = 'proposed' AND score >= ${LEAST_SCORE}))
        ORDER BY annotation_id`,
      [imageId],
    );
    return rows;
  }

  /** Supersedes what was said of the box before. @returns how the view calls the box */
  async say(client: Queryable, word: BoxWord): Promise<string> {
    const { rows } = await client.query<{ annotation_id: string }>(
      `INSERT INTO box_review (image_id, detection_id, box_id, decision, category, x_px, y_px, width_px, height_px, reviewer, reason, reviewed_at, supersedes)
       SELECT $1::uuid,
              CASE WHEN $2::text LIKE 'd%' THEN substr($2, 2)::bigint END,
              CASE WHEN $2::text LIKE 'p%' THEN substr($2, 2)::uuid ELSE gen_random_uuid() END,
              $3, $4, $5, $6, $7, $8, $9, $10, coalesce($11::timestamptz, now()),
              (SELECT box_review_id FROM box_review said WHERE said.annotation_id = $2
                  AND NOT EXISTS (SELECT FROM box_review newer WHERE newer.supersedes = said.box_review_id))
       RETURNING annotation_id`,
      [
        word.imageId,
        word.annotationId,
        word.decision,
        word.category,
        ...word.bbox,
        word.reviewer,
        word.reason,
        word.reviewedAt ?? null,
      ],
    );
    return rows[0]!.annotation_id;
  }

  /** A box that a person drew shows the finding, too. */
  async addEvidence(
    client: Queryable,
    findingId: string,
    imageId: string,
    annotationId: string,
  ): Promise<void> {
    await client.query(
      `INSERT INTO finding_evidence (finding_id, image_id, box_id) VALUES ($1, $2, substr($3, 2)::uuid) ON CONFLICT DO NOTHING`,
      [findingId, imageId, annotationId],
    );
    await client.query(
      `UPDATE finding SET image_ids = array_append(image_ids, $2) WHERE finding_id = $1 AND NOT $2 = ANY (image_ids)`,
      [findingId, imageId],
    );
  }

  /** The detector's boxes as it drew them; those that people drew as they stand. For whoever is not to see what others said. */
  async asDetected(findingId: string): Promise<AnnotationRow[]> {
    const { rows } = await this.database.query<AnnotationRow>(
      `SELECT a.image_id, a.annotation_id, a.detection_id, coalesce(d.category, a.category) AS category,
              coalesce(d.x_px, a.x_px) AS x_px, coalesce(d.y_px, a.y_px) AS y_px,
              coalesce(d.width_px, a.width_px) AS width_px, coalesce(d.height_px, a.height_px) AS height_px,
              d.score, 'proposed' AS state, NULL AS reviewed_by, NULL::timestamptz AS reviewed_at, a.model_version
         FROM finding_evidence e JOIN annotation a USING (image_id, annotation_id)
         LEFT JOIN detection d ON d.detection_id = e.detection_id
        WHERE e.finding_id = $1 ORDER BY d.score DESC NULLS FIRST, a.annotation_id`,
      [findingId],
    );
    return rows;
  }
}

/** Boxes that people drew elsewhere, written into the log of what people say of boxes. */
import type { StandingBox } from '../../core/annotation/plan-import.ts';
import type { PixelBox } from '../../core/annotation/pixel-box.ts';
import type { Database, Queryable } from './database.ts';

export interface KnownPicture {
  readonly imageId: string;
  readonly fileName: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly lineId: string | null;
  readonly towerId: string | null;
  readonly flightId: string | null;
}

/** With what the log needs to go on. */
export interface LoggedBox extends StandingBox {
  readonly detectionId: string | null;
  readonly boxId: string | null;
  /** Of the word that holds. */
  readonly boxReviewId: string | null;
}

export interface BoxWord {
  readonly imageId: string;
  readonly standing: LoggedBox | null;
  readonly decision: 'confirmed' | 'corrected' | 'reclassed' | 'added';
  readonly category: string;
  readonly box: PixelBox;
  readonly reviewer: string;
  readonly reason: string;
  /** Null for now. */
  readonly reviewedAt: string | null;
}

const PICTURE = `SELECT image_id AS "imageId", file_name AS "fileName", width_px AS "widthPx", height_px AS "heightPx",
                        line_id AS "lineId", tower_id AS "towerId", flight_id AS "flightId" FROM image`;

export class AnnotationImportRepository {
  constructor(private readonly database: Database) {}

  /** @param sha256 or its beginning, 12 digits at least */
  async byHash(sha256: string): Promise<KnownPicture[]> {
    const { rows } = await this.database.query<KnownPicture>(
      // From the first to the last hash that begins so: the index knows these.
      `${PICTURE} WHERE sha256 >= $1 AND sha256 < $1 || 'g' ORDER BY sha256 LIMIT 2`,
      [sha256],
    );
    return rows;
  }

  /** Two at most: of more than one nobody knows which is meant. @param name with its ending, or without any */
  async byName(name: string): Promise<KnownPicture[]> {
    const { rows } = await this.database.query<KnownPicture>(
      `${PICTURE} WHERE file_name = $1 OR regexp_replace(file_name, '\\.[^.]*$', '') = $1 ORDER BY (file_name = $1) DESC LIMIT 2`,
      [name],
    );
    return rows.filter((row) => (row.fileName === name) === (rows[0]!.fileName === name));
  }

  /** Boxes as they stand; nobody else says anything of this photograph's boxes until the transaction ends. */
  async standing(client: Queryable, imageId: string): Promise<LoggedBox[]> {
    await client.query('SELECT FROM image WHERE image_id = $1 FOR UPDATE', [imageId]);
    const { rows } = await client.query<{
      readonly annotation_id: string;
      readonly category: string;
      readonly x_px: number;
      readonly y_px: number;
      readonly width_px: number;
      readonly height_px: number;
      readonly state: StandingBox['state'];
      readonly reviewed_at: Date | null;
      readonly detection_id: string | null;
      readonly box_id: string | null;
      readonly box_review_id: string | null;
    }>(
      `SELECT a.*, word.box_id, word.box_review_id
         FROM annotation a
         LEFT JOIN box_review word ON word.image_id = a.image_id AND word.annotation_id = a.annotation_id
           AND NOT EXISTS (SELECT FROM box_review newer WHERE newer.supersedes = word.box_review_id)
        WHERE a.image_id = $1 ORDER BY a.annotation_id`,
      [imageId],
    );
    return rows.map((row) => ({
      annotationId: row.annotation_id,
      category: row.category,
      box: { xPx: row.x_px, yPx: row.y_px, widthPx: row.width_px, heightPx: row.height_px },
      state: row.state,
      reviewedAt: row.reviewed_at,
      detectionId: row.detection_id,
      boxId: row.box_id,
      boxReviewId: row.box_review_id,
    }));
  }

  async say(client: Queryable, word: BoxWord): Promise<void> {
    const { standing, box } = word;
    await client.query(
      `INSERT INTO box_review (image_id, detection_id, box_id, decision, category, x_px, y_px, width_px, height_px, reviewer,
                               reason, reviewed_at, supersedes)
       VALUES ($1, $2, CASE WHEN $2::bigint IS NULL THEN coalesce($3::uuid, gen_random_uuid()) END, $4, $5, $6, $7, $8, $9, $10,
               $11, coalesce($12::timestamptz, now()), $13)`,
      [
        word.imageId,
        standing?.detectionId ?? null,
        standing?.boxId ?? null,
        word.decision,
        word.category,
        box.xPx,
        box.yPx,
        box.widthPx,
        box.heightPx,
        word.reviewer,
        word.reason,
        word.reviewedAt,
        standing?.boxReviewId ?? null,
      ],
    );
  }
}

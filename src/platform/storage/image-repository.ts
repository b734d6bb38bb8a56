/** Photographs, what was detected on them, and the tower each belongs to. */
import type { Detection } from '../../core/domain/detection.ts';
import type { ImageQuality, QualityFlag } from '../../core/domain/image-quality.ts';
import type { MatchCandidate, MatchState, TowerMatch } from '../../core/domain/image-match.ts';
import type { PageRequest } from '../../core/domain/page.ts';
import type { TimeSource } from '../../core/domain/capture-time.ts';
import { boxOverlap, type Box } from '../../core/geometry/box-overlap.ts';
import type { Database, Queryable } from './database.ts';

export interface NewImage {
  readonly sha256: string;
  readonly fileName: string;
  readonly mediaType: string;
  readonly byteCount: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly flightId: string | null;
  readonly takenAt: Date | null;
  readonly takenAtSource: TimeSource | null;
  readonly utcOffsetMinutes: number | null;
  readonly cameraModel: string | null;
  readonly latitudeDeg: number | null;
  readonly longitudeDeg: number | null;
  readonly positionSigmaMetre: number | null;
  readonly rtkFlag: number | null;
  readonly relativeAltitudeMetre: number | null;
  readonly yawDeg: number | null;
  readonly yawSigmaDeg: number | null;
  readonly pitchDeg: number | null;
  readonly focalLength35Mm: number | null;
  readonly warnings: readonly string[];
  readonly quality: ImageQuality;
  readonly qualityFlags: readonly QualityFlag[];
  readonly match: TowerMatch;
}

export interface ImageRow {
  readonly image_id: string;
  readonly sha256: string;
  readonly file_name: string;
  readonly media_type: string;
  readonly width_px: number;
  readonly height_px: number;
  readonly flight_id: string | null;
  readonly taken_at: Date | null;
  readonly taken_at_source: TimeSource | null;
  readonly utc_offset_minutes: number | null;
  readonly camera_model: string | null;
  readonly latitude_deg: number | null;
  readonly longitude_deg: number | null;
  readonly position_sigma_metre: number | null;
  readonly rtk_flag: number | null;
  readonly relative_altitude_metre: number | null;
  readonly yaw_deg: number | null;
  readonly yaw_sigma_deg: number | null;
  readonly pitch_deg: number | null;
  readonly focal_length_35_mm: number | null;
  readonly warnings: string[];
  readonly quality_flags: QualityFlag[];
  readonly sharpness: number | null;
  readonly bright_luma: number | null;
  readonly burnt_share: number | null;
  readonly match_state: MatchState;
  readonly match_probability: number | null;
  readonly match_candidates: readonly MatchCandidate[];
  readonly match_revision: number;
  readonly matched_by: string | null;
  readonly view_lowest_metre: number | null;
  readonly view_highest_metre: number | null;
  readonly millimetre_per_pixel: number | null;
  readonly objects_in_view: string[] | null;
  readonly perceptual_hash: string | null;
  readonly line_id: string | null;
  readonly tower_id: string | null;
  readonly tower_distance_metre: number | null;
  readonly state: 'queued' | 'analysed' | 'failed';
  readonly failure: string | null;
  readonly detector_version: string | null;
  readonly received_at: Date;
}

export interface DetectionRow {
  readonly detection_id: string;
  readonly image_id: string;
  readonly category: string;
  readonly score: number;
  readonly x_px: number;
  readonly y_px: number;
  readonly width_px: number;
  readonly height_px: number;
  readonly model_version: string;
  readonly embedding: number[] | null;
  readonly embedding_space: string | null;
}

/** A box that overlaps one of its category so far is the same. */
const SAME_BOX = 0.5;

export function boxOf(row: Pick<DetectionRow, 'x_px' | 'y_px' | 'width_px' | 'height_px'>): Box {
  return [row.x_px, row.y_px, row.width_px, row.height_px];
}

/** What is left out, or null, is not asked for. */
export interface ImageFilter {
  readonly state?: ImageRow['state'] | null;
  /** False for those that wait for a person to say which tower they show. */
  readonly isMatched?: boolean | null;
  /** With nothing wrong, with anything wrong, or with one thing. */
  readonly quality?: 'good' | 'poor' | QualityFlag | null;
}

export class ImageRepository {
  constructor(private readonly database: Database) {}

  async findByHash(sha256: string, client: Queryable = this.database): Promise<ImageRow | null> {
    const { rows } = await client.query<ImageRow>('SELECT * FROM image WHERE sha256 = $1', [sha256]);
    return rows[0] ?? null;
  }

  async find(imageId: string): Promise<ImageRow | null> {
    const { rows } = await this.database.query<ImageRow>('SELECT * FROM image WHERE image_id = $1', [
      imageId,
    ]);
    return rows[0] ?? null;
  }

  /** @returns null when the same bytes are there already */
  async add(client: Queryable, image: NewImage): Promise<string | null> {
    const { tower, view, ...match } = image.match;
    const columns = {
      sha256: image.sha256,
      file_name: image.fileName,
      media_type: image.mediaType,
      byte_count: image.byteCount,
      width_px: image.widthPx,
      height_px: image.heightPx,
      flight_id: image.flightId,
      taken_at: image.takenAt,
      taken_at_source: image.takenAtSource,
      utc_offset_minutes: image.utcOffsetMinutes,
      camera_model: image.cameraModel,
      latitude_deg: image.latitudeDeg,
      longitude_deg: image.longitudeDeg,
      position_sigma_metre: image.positionSigmaMetre,
      rtk_flag: image.rtkFlag,
      relative_altitude_metre: image.relativeAltitudeMetre,
      yaw_deg: image.yawDeg,
      yaw_sigma_deg: image.yawSigmaDeg,
      pitch_deg: image.pitchDeg,
      focal_length_35_mm: image.focalLength35Mm,
      warnings: image.warnings,
      quality_flags: image.qualityFlags,
      sharpness: image.quality.sharpness,
      bright_luma: image.quality.brightLuma,
      burnt_share: image.quality.burntShare,
      match_state: match.state,
      line_id: tower?.lineId ?? null,
      tower_id: tower?.towerId ?? null,
      tower_distance_metre: tower?.distanceMetre ?? null,
      match_probability: match.probability,
      match_candidates: JSON.stringify(match.candidates),
      view_lowest_metre: view?.lowestMetre ?? null,
      view_highest_metre: view?.highestMetre ?? null,
      millimetre_per_pixel: view?.millimetrePerPixel ?? null,
    };
    const names = Object.keys(columns);
    const { rows } = await client.query<{ image_id: string }>(
      `INSERT INTO image (${names.join(', ')}) VALUES (${names.map((_, index) => `$${index + 1}`).join(', ')})
       ON CONFLICT (sha256) DO NOTHING RETURNING image_id`,
      Object.values(columns),
    );
    return rows[0]?.image_id ?? null;
  }

  /** A flight is known from its first photograph; it began no later than any of them. */
  async registerFlight(
    client: Queryable,
    flightId: string,
    lineId: string | null,
    takenAt: Date | null,
  ): Promise<void> {
    await client.query(
      `INSERT INTO flight (flight_id, line_id, started_at) VALUES ($1, $2, $3)
       ON CONFLICT (flight_id) DO UPDATE
         SET started_at = LEAST(flight.started_at, EXCLUDED.started_at), line_id = COALESCE(flight.line_id, EXCLUDED.line_id)`,
      [flightId, lineId, takenAt],
    );
  }

  /**
   * Replaces what an earlier run of the same job may have written, but for boxes that a person judged: those stay, and the
   * detector says nothing more of them.
   */
  async storeDetections(
    client: Queryable,
    imageId: string,
    detections: readonly Detection[],
    modelVersion: string,
    embeddingSpace: string,
  ): Promise<void> {
    await client.query(
      `DELETE FROM detection WHERE image_id = $1
         AND NOT EXISTS (SELECT FROM box_review WHERE box_review.detection_id = detection.detection_id)`,
      [imageId],
    );
    const judged = await this.detectionsOf([imageId], client);
    for (const { category, score, bbox, embedding } of detections) {
      if (judged.some((row) => row.category === category && boxOverlap(boxOf(row), bbox) >= SAME_BOX))
        continue;
      await client.query(
        `INSERT INTO detection (image_id, category, score, x_px, y_px, width_px, height_px, model_version,
                                embedding, embedding_space)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        [
          imageId,
          category,
          score,
          ...bbox,
          modelVersion,
          embedding ?? null,
          embedding ? embeddingSpace : null,
        ],
      );
    }
    await client.query(
      `UPDATE image SET state = 'analysed', failure = NULL, analysed_at = now(), detector_version = $2 WHERE image_id = $1`,
      [imageId, modelVersion],
    );
  }

  /** @returns the image as it is now; null when it is gone */
  async storeView(
    client: Queryable,
    imageId: string,
    objectsInView: readonly string[],
    perceptualHash: string | null,
  ): Promise<ImageRow | null> {
    const { rows } = await client.query<ImageRow>(
      'UPDATE image SET objects_in_view = $2, perceptual_hash = $3 WHERE image_id = $1 RETURNING *',
      [imageId, objectsInView, perceptualHash],
    );
    return rows[0] ?? null;
  }

  async markFailed(imageId: string, failure: string): Promise<void> {
    await this.database.query(
      `UPDATE image SET state = 'failed', failure = $2, analysed_at = now() WHERE image_id = $1`,
      [imageId, failure],
    );
  }

  async detectionsOf(
    imageIds: readonly string[],
    client: Queryable = this.database,
  ): Promise<DetectionRow[]> {
    const { rows } = await client.query<DetectionRow>(
      'SELECT * FROM detection WHERE image_id = ANY($1::uuid[]) ORDER BY score DESC, detection_id',
      [imageIds],
    );
    return rows;
  }

  /** Analysed images of one tower in one flight, oldest first. */
  async ofTowerAndFlight(
    client: Queryable,
    lineId: string,
    towerId: string,
    flightId: string,
  ): Promise<ImageRow[]> {
    const { rows } = await client.query<ImageRow>(
      `SELECT * FROM image WHERE line_id = $1 AND tower_id = $2 AND flight_id = $3 AND state = 'analysed'
       ORDER BY taken_at, image_id`,
      [lineId, towerId, flightId],
    );
    return rows;
  }

  async list(page: PageRequest, filter: ImageFilter = {}): Promise<ImageRow[]> {
    const { state = null, isMatched = null, quality = null } = filter;
    const { rows } = await this.database.query<ImageRow>(
      `SELECT * FROM image
       WHERE ($1::text IS NULL OR state = $1)
         AND ($5::boolean IS NULL OR (match_state NOT IN ('needs-matching', 'unmatched')) = $5)
         AND ($6::text IS NULL OR CASE $6 WHEN 'good' THEN quality_flags = '{}' WHEN 'poor' THEN quality_flags <> '{}'
                                  ELSE $6 = ANY (quality_flags) END)
         AND ($2::timestamptz IS NULL OR (date_trunc('milliseconds', received_at), image_id) < ($2, $3::uuid))
       ORDER BY date_trunc('milliseconds', received_at) DESC, image_id DESC LIMIT $4`,
      [state, page.after?.[0] ?? null, page.after?.[1] ?? null, page.limit + 1, isMatched, quality],
    );
    return rows;
  }
}

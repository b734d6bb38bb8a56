/** Photographs, what was detected on them, and the tower each belongs to. */
import type { Detection } from '../../core/domain/detection.ts';
import type { PageRequest } from '../../core/domain/page.ts';
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
  readonly latitudeDeg: number | null;
  readonly longitudeDeg: number | null;
  readonly tower: {
    readonly lineId: string;
    readonly towerId: string;
    readonly distanceMetre: number;
  } | null;
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
  readonly latitude_deg: number | null;
  readonly longitude_deg: number | null;
  readonly line_id: string | null;
  readonly tower_id: string | null;
  readonly tower_distance_metre: number | null;
  readonly state: 'queued' | 'analysed' | 'failed';
  readonly failure: string | null;
  readonly detector_version: string | null;
  readonly received_at: Date;
}

export interface DetectionRow {
  readonly image_id: string;
  readonly category: string;
  readonly score: number;
  readonly x_px: number;
  readonly y_px: number;
  readonly width_px: number;
  readonly height_px: number;
  readonly model_version: string;
}

export class ImageRepository {
  constructor(private readonly database: Database) {}

  async findByHash(sha256: string): Promise<ImageRow | null> {
    const { rows } = await this.database.query<ImageRow>('SELECT * FROM image WHERE sha256 = $1', [sha256]);
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
    const { rows } = await client.query<{ image_id: string }>(
      `INSERT INTO image (sha256, file_name, media_type, byte_count, width_px, height_px, flight_id, taken_at,
                          latitude_deg, longitude_deg, line_id, tower_id, tower_distance_metre)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
       ON CONFLICT (sha256) DO NOTHING RETURNING image_id`,
      [
        image.sha256,
        image.fileName,
        image.mediaType,
        image.byteCount,
        image.widthPx,
        image.heightPx,
        image.flightId,
        image.takenAt,
        image.latitudeDeg,
        image.longitudeDeg,
        image.tower?.lineId ?? null,
        image.tower?.towerId ?? null,
        image.tower?.distanceMetre ?? null,
      ],
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

  /** Replaces what an earlier run of the same job may have written. */
  async storeDetections(
    client: Queryable,
    imageId: string,
    detections: readonly Detection[],
    modelVersion: string,
    embeddingSpace: string,
  ): Promise<void> {
    await client.query('DELETE FROM detection WHERE image_id = $1', [imageId]);
    for (const { category, score, bbox, embedding } of detections) {
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

  async list(page: PageRequest, state: string | null): Promise<ImageRow[]> {
    const { rows } = await this.database.query<ImageRow>(
      `SELECT * FROM image
       WHERE ($1::text IS NULL OR state = $1)
         AND ($2::timestamptz IS NULL OR (date_trunc('milliseconds', received_at), image_id) < ($2, $3::uuid))
       ORDER BY date_trunc('milliseconds', received_at) DESC, image_id DESC LIMIT $4`,
      [state, page.after?.[0] ?? null, page.after?.[1] ?? null, page.limit + 1],
    );
    return rows;
  }
}

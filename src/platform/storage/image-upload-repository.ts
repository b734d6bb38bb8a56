/** What became of uploads in pieces. */
import type { Database } from './database.ts';

export interface ImageUploadRow {
  readonly upload_id: string;
  readonly file_name: string;
  readonly byte_count: number;
  readonly image_id: string | null;
  /** Why it was refused, as problem details. */
  readonly problem: Readonly<Record<string, unknown>> | null;
}

export class ImageUploadRepository {
  constructor(private readonly database: Database) {}

  async find(uploadId: string): Promise<ImageUploadRow | null> {
    const { rows } = await this.database.query<ImageUploadRow>(
      'SELECT upload_id, file_name, byte_count::float8, image_id, problem FROM image_upload WHERE upload_id = $1',
      [uploadId],
    );
    return rows[0] ?? null;
  }

  /** Whoever comes second finds it done. */
  async add(upload: ImageUploadRow): Promise<void> {
    await this.database.query(
      `INSERT INTO image_upload (upload_id, file_name, byte_count, image_id, problem) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (upload_id) DO NOTHING`,
      [upload.upload_id, upload.file_name, upload.byte_count, upload.image_id, upload.problem],
    );
  }

  /** Nobody asks after them any more. */
  async forgetBefore(instant: Date): Promise<void> {
    await this.database.query('DELETE FROM image_upload WHERE finished_at < $1', [instant]);
  }
}

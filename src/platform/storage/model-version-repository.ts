/** Which versions of a model there are and which of them serves. */
import type { ModelManifest } from '../../core/domain/model-artifact.ts';
import type { PageRequest } from '../../core/domain/page.ts';
import type { Database } from './database.ts';

export interface ModelVersionRow {
  readonly model: string;
  readonly version: string;
  readonly stage: 'registered' | 'champion' | 'retired';
  readonly manifest: ModelManifest;
  readonly folder: string;
  readonly weights_sha256: string;
  readonly registered_at: Date;
}

export class ModelVersionRepository {
  constructor(private readonly database: Database) {}

  async champion(model: string): Promise<ModelVersionRow | null> {
    const { rows } = await this.database.query<ModelVersionRow>(
      `SELECT * FROM model_version WHERE model = $1 AND stage = 'champion'`,
      [model],
    );
    return rows[0] ?? null;
  }

  async find(model: string, version: string): Promise<ModelVersionRow | null> {
    const { rows } = await this.database.query<ModelVersionRow>(
      'SELECT * FROM model_version WHERE model = $1 AND version = $2',
      [model, version],
    );
    return rows[0] ?? null;
  }

  /** Registering the same version again only renews where its folder lies. */
  async register(manifest: ModelManifest, folder: string): Promise<void> {
    await this.database.query(
      `INSERT INTO model_version (model, version, stage, manifest, folder, weights_sha256)
       VALUES ($1, $2, 'registered', $3, $4, $5)
       ON CONFLICT (model, version) DO UPDATE SET folder = EXCLUDED.folder`,
      [manifest.model, manifest.version, JSON.stringify(manifest), folder, manifest.weightsSha256],
    );
  }

  /** The champion before becomes retired in the same moment. */
  async promote(model: string, version: string): Promise<void> {
    await this.database.transaction(async (client) => {
      await client.query(
        `UPDATE model_version SET stage = 'retired' WHERE model = $1 AND stage = 'champion'`,
        [model],
      );
      await client.query(`UPDATE model_version SET stage = 'champion' WHERE model = $1 AND version = $2`, [
        model,
        version,
      ]);
    });
  }

  async list(page: PageRequest, model: string | null): Promise<ModelVersionRow[]> {
    const { rows } = await this.database.query<ModelVersionRow>(
      `SELECT * FROM model_version
       WHERE ($1::text IS NULL OR model = $1)
         AND ($2::timestamptz IS NULL OR (date_trunc('milliseconds', registered_at), model || '/' || version) < ($2, $3))
       ORDER BY date_trunc('milliseconds', registered_at) DESC, model || '/' || version DESC LIMIT $4`,
      [model, page.after?.[0] ?? null, page.after?.[1] ?? null, page.limit + 1],
    );
    return rows;
  }
}

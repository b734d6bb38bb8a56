/** A tower with a sensor, a flight over it and photographs with given boxes: what findings and their review are tested on. */
import type { Detection } from '../../src/core/domain/detection.ts';
import { UpdateFindings } from '../../src/features/inspection/update-findings.ts';
import type { Jobs } from '../../src/platform/jobs/jobs.ts';
import { AssetRepository } from '../../src/platform/storage/asset-repository.ts';
import type { Database } from '../../src/platform/storage/database.ts';
import { FindingRepository, type FindingRow } from '../../src/platform/storage/finding-repository.ts';
import { ImageRepository } from '../../src/platform/storage/image-repository.ts';

export const LOOK = { lineId: 'L01', towerId: 'T01', flightId: 'F1' };
export const KIND = 'failing_joint';
export const SEEN_AT = new Date('2026-05-01T10:00:00Z');
const SIZE_PX = { width: 4000, height: 3000 };

export function box(category: string, x: number, score = 0.9): Detection {
  return { category, score, bbox: [x, 500, 100, 80] };
}

export class ReviewedLook {
  private readonly images: ImageRepository;
  private readonly findings: FindingRepository;
  private readonly update: UpdateFindings;
  private count = 0;

  constructor(
    private readonly database: Database,
    jobs: Jobs,
  ) {
    this.images = new ImageRepository(database);
    this.findings = new FindingRepository(database);
    this.update = new UpdateFindings(this.images, this.findings, new AssetRepository(database), jobs);
  }

  async clear(): Promise<void> {
    await this.database.query('TRUNCATE line, image, flight CASCADE');
    await this.database.query(`INSERT INTO line VALUES ('L01', 'One')`);
    await this.database.query(`INSERT INTO tower VALUES ('T01', 'L01', 50, 8)`);
    await this.database.query(`INSERT INTO sensor VALUES ('Z1', 'L01', 'T01', 'impedance')`);
    await this.database.query(`INSERT INTO flight (flight_id, line_id) VALUES ('F1', 'L01')`);
  }

  async addImage(): Promise<string> {
    const { rows } = await this.database.query<{ image_id: string }>(
      `INSERT INTO image (sha256, file_name, media_type, byte_count, width_px, height_px, flight_id, taken_at, line_id, tower_id, match_state)
       VALUES ($1, $1, 'image/jpeg', 9, $2, $3, 'F1', $4, 'L01', 'T01', 'matched') RETURNING image_id`,
      [`photograph-${this.count++}`, SIZE_PX.width, SIZE_PX.height, SEEN_AT],
    );
    return rows[0]!.image_id;
  }

  /** As the detect job does once the network has looked; again for what another version sees. */
  async analyse(
    imageId: string,
    detections: readonly Detection[],
    version = 'v1',
    kinds = [KIND],
  ): Promise<FindingRow[]> {
    await this.database.transaction(async (client) => {
      await this.images.storeView(client, imageId, ['joint'], null);
      const known = await this.update.recall(client, LOOK);
      await this.images.storeDetections(client, imageId, detections, version, 'space');
      await this.update.update(client, LOOK, known, { modelVersion: version, defectKinds: kinds });
    });
    return this.all();
  }

  all(): Promise<FindingRow[]> {
    return this.findings.ofLook(this.database, LOOK);
  }
}

/** The boxes of one photograph are found by index, however many people have spoken of others. */
import { beforeAll, describe, expect, it } from 'vitest';
import { AnnotationRepository } from '../../src/platform/storage/annotation-repository.ts';
import { withTestDatabase } from '../support/test-database.ts';

const PHOTOGRAPHS = 2000;

describe('the boxes of a photograph', () => {
  const { database } = withTestDatabase();
  let imageId = '';
  beforeAll(async () => {
    await database().query(
      `INSERT INTO image (sha256, file_name, media_type, byte_count, width_px, height_px)
       SELECT 'photograph-' || number, number::text, 'image/jpeg', 9, 400, 300 FROM generate_series(1, $1::int) AS number`,
      [PHOTOGRAPHS],
    );
    await database().query(
      `INSERT INTO detection (image_id, category, score, x_px, y_px, width_px, height_px, model_version)
       SELECT image_id, 'insulator', 0.9, box, 1, 10, 10, 'v1' FROM image, generate_series(1, 5) AS box`,
    );
    await database().query(
      `INSERT INTO box_review (image_id, detection_id, decision, category, x_px, y_px, width_px, height_px, reviewer)
       SELECT image_id, detection_id, CASE x_px WHEN 2 THEN 'rejected' ELSE 'confirmed' END, category, x_px, y_px, width_px,
              height_px, 'anna' FROM detection`,
    );
    await database().query('ANALYZE image, detection, box_review');
    const { rows } = await database().query<{ image_id: string }>('SELECT image_id FROM image LIMIT 1');
    imageId = rows[0]!.image_id;
  });

  it('are those that stand', async () => {
    const boxes = await new AnnotationRepository(database()).standingOn(imageId);
    expect(boxes.map(({ x_px }) => x_px).sort()).toEqual([1, 3, 4, 5]);
  });

  it('are found without reading what was said of others', async () => {
    const { rows } = await database().query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT * FROM annotation WHERE image_id = '${imageId}'`,
    );
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).not.toMatch(/Seq Scan on box_review|CTE Scan/);
  });
});

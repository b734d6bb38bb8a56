/** Findings and the boxes that show them, as reports read them. */
import type { EvidenceBox } from '../../core/report/report-data.ts';
import type { Database } from './database.ts';

export const REPORTED_FINDING = `finding_id AS "findingId", line_id AS "lineId", tower_id AS "towerId",
  flight_id AS "flightId", inspected_at AS "inspectedAt", kind, defect_number AS "defectNumber", outcome, severity,
  probability, review_state AS "reviewState", reviewed_by AS "reviewedBy", reviewed_at AS "reviewedAt",
  height_metre AS "heightMetre"`;

interface EvidenceRow extends Omit<EvidenceBox, 'picture' | 'box'> {
  readonly pictureWidth: number;
  readonly pictureHeight: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Of each finding what a person confirmed first, then the surest; each photograph once, and nothing that was rejected. */
export async function readEvidence(
  database: Database,
  findingIds: readonly string[],
): Promise<EvidenceBox[]> {
  const { rows } = await database.query<EvidenceRow>(
    `SELECT e.finding_id AS "findingId", e.image_id AS "imageId", sha256, file_name AS "fileName", taken_at AS "takenAt",
            i.width_px AS "pictureWidth", i.height_px AS "pictureHeight", a.category, a.score,
            a.x_px AS x, a.y_px AS y, a.width_px AS width, a.height_px AS height
       FROM finding_evidence e
       JOIN image i USING (image_id)
       JOIN annotation a ON a.image_id = e.image_id AND a.annotation_id = e.annotation_id
      WHERE e.finding_id = ANY ($1::uuid[]) AND a.state <> 'rejected'
      ORDER BY e.finding_id, a.state = 'proposed', a.score DESC NULLS FIRST, e.image_id`,
    [findingIds],
  );
  const seen = new Set<string>();
  return rows
    .filter(({ findingId, imageId }) => {
      const key = `${findingId}/${imageId}`;
      return !seen.has(key) && seen.add(key);
    })
    .map(({ pictureWidth, pictureHeight, x, y, width, height, ...row }) => ({
      ...row,
      picture: { widthPx: pictureWidth, heightPx: pictureHeight },
      box: { xPx: x, yPx: y, widthPx: width, heightPx: height },
    }));
}

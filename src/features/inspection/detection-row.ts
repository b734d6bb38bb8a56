/** A stored detection as the domain knows it. */
import type { Detection } from '../../core/domain/detection.ts';
import type { DetectionRow } from '../../platform/storage/image-repository.ts';

export function toDetection(row: DetectionRow): Detection {
  return {
    category: row.category,
    score: row.score,
    bbox: [row.x_px, row.y_px, row.width_px, row.height_px],
  };
}

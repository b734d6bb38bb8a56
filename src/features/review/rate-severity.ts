/** The severity of a defect that a person said is there. */
import { showsDefect } from '../../core/domain/finding.ts';
import { severityOf } from '../../core/domain/severity.ts';
import { extentOf } from '../../core/findings/group-defects.ts';
import type { Queryable } from '../../platform/storage/database.ts';
import type { FindingRepository, FindingRow } from '../../platform/storage/finding-repository.ts';
import { boxOf, type ImageRepository } from '../../platform/storage/image-repository.ts';

export class RateSeverity {
  constructor(
    private readonly findings: FindingRepository,
    private readonly images: ImageRepository,
  ) {}

  async ofStanding(client: Queryable, row: FindingRow, kind: string): Promise<number> {
    const evidence = await this.findings.evidenceOf([row.finding_id], client);
    const imageIds = [...new Set(evidence.map((box) => box.image_id))];
    const objects = await this.images.detectionsOf(imageIds, client);
    const seen = evidence.map((box) => ({
      box: boxOf(box),
      others: objects
        .filter((other) => other.image_id === box.image_id)
        .map((other) => ({ category: other.category, bbox: boxOf(other) })),
    }));
    const look = { lineId: row.line_id, towerId: row.tower_id, flightId: row.flight_id };
    const others = (await this.findings.ofLook(client, look)).filter(
      (other) =>
        other.finding_id !== row.finding_id &&
        other.kind === kind &&
        showsDefect({ outcome: other.outcome, reviewState: other.review_state }),
    );
    return severityOf({ kind, probability: 1, extent: extentOf(kind, seen), count: others.length + 1 });
  }
}

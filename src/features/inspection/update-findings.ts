/** Brings the findings of a tower and flight up to what all its photographs say so far, in whatever order they are analysed. */
import { groupDefects } from '../../core/findings/group-defects.ts';
import type { LookImage } from '../../core/findings/look-image.ts';
import { planFindings, type KnownFinding } from '../../core/findings/plan-findings.ts';
import { DERIVE_LABELS } from '../../platform/jobs/job-kinds.ts';
import type { Jobs } from '../../platform/jobs/jobs.ts';
import type { AssetRepository } from '../../platform/storage/asset-repository.ts';
import type { Queryable } from '../../platform/storage/database.ts';
import type { EvidenceRow, FindingRepository, LookKey } from '../../platform/storage/finding-repository.ts';
import {
  boxOf,
  type DetectionRow,
  type ImageRepository,
  type ImageRow,
} from '../../platform/storage/image-repository.ts';
import { poseOf, toPhotograph } from './intake/match-tower.ts';

export interface Detector {
  readonly modelVersion: string;
  /** That it knows. */
  readonly defectKinds: readonly string[];
}

/** What was said of a look before its photographs were analysed anew. */
export type KnownLook = readonly KnownFinding[];

export class UpdateFindings {
  constructor(
    private readonly images: ImageRepository,
    private readonly findings: FindingRepository,
    private readonly assets: AssetRepository,
    private readonly jobs: Jobs,
  ) {}

  /** To be called before detections are replaced, which takes the old boxes along; locks the look. */
  async recall(client: Queryable, look: LookKey): Promise<KnownLook> {
    await this.findings.lockLook(client, look);
    const rows = await this.findings.ofLook(client, look);
    const evidence = await this.findings.evidenceOf(
      rows.map((row) => row.finding_id),
      client,
    );
    return rows.map((row) => ({
      findingId: row.finding_id,
      kind: row.kind,
      detectedKind: row.detected_kind,
      defectNumber: row.defect_number,
      outcome: row.outcome,
      reviewState: row.review_state,
      evidence: evidence.filter((box) => box.finding_id === row.finding_id).map(toEvidence),
    }));
  }

  async update(client: Queryable, look: LookKey, known: KnownLook, detector: Detector): Promise<void> {
    const { lineId, towerId, flightId } = look;
    const rows = await this.images.ofTowerAndFlight(client, lineId, towerId, flightId);
    if (rows.length === 0) return;
    const detections = await this.images.detectionsOf(
      rows.map((row) => row.image_id),
      client,
    );
    const images = rows.map((row) => toInspected(row, detections));
    const { defectKinds, modelVersion } = detector;
    const defects = groupDefects(images, defectKinds, await this.placeOf(client, look));
    const plan = planFindings(known, defects, defectKinds, imagesByObject(images));
    const inspectedAt = rows.findLast((row) => row.taken_at !== null)?.taken_at ?? rows[0]!.received_at;
    await this.findings.carryOut(client, { ...look, inspectedAt, modelVersion }, plan);
    await this.jobs.send(DERIVE_LABELS, { lineId, towerId }, client);
  }

  private async placeOf(client: Queryable, { lineId, towerId }: LookKey) {
    const tower = await this.assets.find(lineId, towerId, client);
    if (!tower || tower.latitudeDeg === null || tower.longitudeDeg === null) return null;
    return { latitudeDeg: tower.latitudeDeg, longitudeDeg: tower.longitudeDeg };
  }
}

function toEvidence(row: EvidenceRow): KnownFinding['evidence'][number] {
  return { boxId: row.annotation_id, imageId: row.image_id, bbox: boxOf(row) };
}

function toInspected(row: ImageRow, detections: readonly DetectionRow[]): LookImage {
  return {
    imageId: row.image_id,
    takenAt: row.taken_at,
    hash: row.perceptual_hash,
    widthPx: row.width_px,
    heightPx: row.height_px,
    // Without its focal length an angle in the picture is unknown.
    pose: row.focal_length_35_mm === null ? null : poseOf(toPhotograph(row)),
    objectsInView: row.objects_in_view ?? [],
    boxes: detections
      .filter((box) => box.image_id === row.image_id)
      .map((box) => ({
        boxId: `d${box.detection_id}`,
        category: box.category,
        score: box.score,
        bbox: boxOf(box),
        embedding: box.embedding ?? undefined,
      })),
  };
}

function imagesByObject(images: readonly LookImage[]): Map<string, string[]> {
  const byObject = new Map<string, string[]>();
  for (const { imageId, objectsInView } of images) {
    for (const object of objectsInView) byObject.set(object, [...(byObject.get(object) ?? []), imageId]);
  }
  return byObject;
}

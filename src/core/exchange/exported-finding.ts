/** A finding as maps and work orders take it. */
export interface ExportedFinding {
  readonly findingId: string;
  readonly lineId: string;
  readonly towerId: string;
  /** Of the tower; null where it was never told. */
  readonly longitudeDeg: number | null;
  readonly latitudeDeg: number | null;
  readonly flightId: string;
  readonly inspectedAt: Date;
  readonly kind: string;
  /** Tells defects of one kind on one tower apart. */
  readonly defectNumber: number;
  readonly outcome: 'clean' | 'defect';
  /** 1 least to 5 worst; null where clean. */
  readonly severity: number | null;
  readonly probability: number;
  readonly reviewState: 'proposed' | 'confirmed' | 'rejected' | 'reclassed';
  readonly reviewedBy: string | null;
  readonly reviewedAt: Date | null;
  /** Of the defect above the point of take-off. */
  readonly heightMetre: number | null;
  readonly modelVersion: string | null;
  readonly imageIds: readonly string[];
}

/** One column or property, in the order in which they are written. */
export type FindingProperties = Readonly<Record<string, string | number | null | readonly string[]>>;

/** @param link where a person reads more about the tower */
export function findingProperties(finding: ExportedFinding, link: string): FindingProperties {
  return {
    finding_id: finding.findingId,
    line_id: finding.lineId,
    tower_id: finding.towerId,
    kind: finding.kind,
    defect_number: finding.defectNumber,
    outcome: finding.outcome,
    severity: finding.severity,
    probability: finding.probability,
    review_state: finding.reviewState,
    reviewed_by: finding.reviewedBy,
    reviewed_at: finding.reviewedAt?.toISOString() ?? null,
    inspected_at: finding.inspectedAt.toISOString(),
    flight_id: finding.flightId,
    height_metre: finding.heightMetre,
    model_version: finding.modelVersion,
    image_ids: finding.imageIds,
    link,
  };
}

export const FINDING_COLUMNS = [
  'finding_id',
  'line_id',
  'tower_id',
  'longitude_deg',
  'latitude_deg',
  'kind',
  'defect_number',
  'outcome',
  'severity',
  'probability',
  'review_state',
  'reviewed_by',
  'reviewed_at',
  'inspected_at',
  'flight_id',
  'height_metre',
  'model_version',
  'image_ids',
  'link',
] as const;

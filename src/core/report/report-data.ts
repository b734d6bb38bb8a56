/** What reports are made of: a tower's history, a flight's yield. */
import type { PictureSize, PixelBox } from '../annotation/pixel-box.ts';
import type { ReviewState } from '../domain/finding.ts';

export interface ReportedFinding {
  readonly findingId: string;
  readonly lineId: string;
  readonly towerId: string;
  readonly flightId: string;
  readonly inspectedAt: Date;
  readonly kind: string;
  readonly defectNumber: number;
  readonly outcome: 'clean' | 'defect';
  readonly severity: number | null;
  readonly probability: number;
  readonly reviewState: ReviewState;
  readonly reviewedBy: string | null;
  readonly reviewedAt: Date | null;
  readonly heightMetre: number | null;
}

export interface ReportedReview {
  readonly findingId: string;
  readonly reviewedAt: Date;
  readonly decision: string;
  readonly reviewer: string;
  readonly reason: string | null;
  readonly kindBefore: string;
  readonly kindAfter: string;
}

/** A box that shows a finding, on its photograph. */
export interface EvidenceBox {
  readonly findingId: string;
  readonly imageId: string;
  readonly sha256: string;
  readonly fileName: string;
  readonly takenAt: Date | null;
  readonly picture: PictureSize;
  readonly category: string;
  readonly score: number | null;
  readonly box: PixelBox;
}

/** As it is shown: copies without anything that the camera wrote; null where the original is gone. */
export interface DrawnEvidence extends EvidenceBox {
  /** JPEG as a data URI, the whole photograph. */
  readonly overview: string | null;
  readonly crop: { readonly dataUri: string; readonly region: PixelBox } | null;
}

export interface ReportedEvent {
  readonly sensorId: string;
  readonly kind: string;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
  readonly peakScore: number;
  readonly severity: string;
  readonly why: string;
}

export interface ReportedLabel {
  readonly sensorId: string;
  readonly kind: string;
  readonly state: string;
  readonly fromAt: Date;
  readonly toAt: Date;
  readonly probability: number;
  readonly author: string;
}

/** Hourly means of the 30 days up to a sensor's newest reading; null where nothing was measured. */
export interface SensorSummary {
  readonly sensorId: string;
  readonly kind: string;
  readonly newestAt: Date | null;
  readonly readings: number;
  readonly resistanceOhm: number | null;
  readonly lowestResistanceOhm: number | null;
  readonly highestResistanceOhm: number | null;
  readonly reactanceOhm: number | null;
  readonly leakageMilliampere: number | null;
  readonly highestLeakageMilliampere: number | null;
}

export interface TowerReport {
  readonly lineId: string;
  readonly towerId: string;
  readonly latitudeDeg: number | null;
  readonly longitudeDeg: number | null;
  readonly madeAt: Date;
  /** Newest first. */
  readonly findings: readonly ReportedFinding[];
  readonly reviews: readonly ReportedReview[];
  readonly evidence: readonly DrawnEvidence[];
  readonly events: readonly ReportedEvent[];
  readonly labels: readonly ReportedLabel[];
  readonly sensors: readonly SensorSummary[];
}

export interface SeenTower {
  readonly lineId: string;
  readonly towerId: string;
  readonly photographs: number;
  /** Seen well enough to judge. */
  readonly objectsInView: readonly string[];
  readonly defects: number;
  readonly worstSeverity: number | null;
}

export interface WaitingImage {
  readonly fileName: string;
  readonly takenAt: Date | null;
  readonly state: string;
  /** Why it waits or failed. */
  readonly reason: string | null;
}

export interface FlightReport {
  readonly flightId: string;
  readonly lineId: string | null;
  readonly startedAt: Date | null;
  readonly madeAt: Date;
  readonly photographs: {
    readonly total: number;
    readonly analysed: number;
    readonly queued: number;
    readonly failed: number;
    readonly firstAt: Date | null;
    readonly lastAt: Date | null;
  };
  readonly towers: readonly SeenTower[];
  /** Of the flight's lines, those that it has no photograph of. */
  readonly unseenTowers: readonly { readonly lineId: string; readonly towerId: string }[];
  readonly findings: readonly ReportedFinding[];
  readonly evidence: readonly DrawnEvidence[];
  readonly unmatched: readonly WaitingImage[];
  readonly failed: readonly WaitingImage[];
}

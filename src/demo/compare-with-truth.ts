/** Holds what drones and sensors found against what was secretly broken. */

export interface TrueDefect {
  readonly lineId: string;
  readonly towerId: string;
  readonly kind: string;
  readonly onsetAt: Date;
}

/** A report by a drone (finding) or by a sensor (event) that a tower has a defect. */
export interface Report {
  readonly lineId: string;
  readonly towerId: string;
  readonly kind: string;
  readonly at: Date;
}

export interface Outcome {
  readonly defect: TrueDefect;
  /** First drone finding after the onset. */
  readonly seenByDroneAt: Date | null;
  /** First sensor event after the onset. */
  readonly raisedBySensorAt: Date | null;
}

export interface Comparison {
  readonly outcomes: readonly Outcome[];
  readonly found: number;
  readonly missed: number;
  /** Reports of towers where nothing was broken yet. */
  readonly falseFindings: readonly Report[];
  readonly falseEvents: readonly Report[];
}

/**
 * A drone names what it sees, so its kind must be right. A sensor event counts for its tower whatever its kind:
 * the engineer goes there and looks.
 */
export function compareWithTruth(
  defects: readonly TrueDefect[],
  findings: readonly Report[],
  events: readonly Report[],
): Comparison {
  const outcomes = defects.map((defect): Outcome => {
    const seen = findings.filter((report) => explains(defect, report) && report.kind === defect.kind);
    return {
      defect,
      seenByDroneAt: earliest(seen),
      raisedBySensorAt: earliest(events.filter((report) => explains(defect, report))),
    };
  });
  const found = outcomes.filter((outcome) => outcome.seenByDroneAt ?? outcome.raisedBySensorAt).length;
  return {
    outcomes,
    found,
    missed: outcomes.length - found,
    falseFindings: findings.filter(
      (report) => !defects.some((d) => explains(d, report) && d.kind === report.kind),
    ),
    falseEvents: events.filter((report) => !defects.some((defect) => explains(defect, report))),
  };
}

function explains(defect: TrueDefect, report: Report): boolean {
  return defect.lineId === report.lineId && defect.towerId === report.towerId && report.at >= defect.onsetAt;
}

function earliest(reports: readonly Report[]): Date | null {
  return reports.map((report) => report.at).sort((a, b) => a.getTime() - b.getTime())[0] ?? null;
}

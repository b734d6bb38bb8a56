/** Findings with where their towers stand, for maps and work orders. */
import type { ExportedFinding } from '../../core/exchange/exported-finding.ts';
import type { Database } from './database.ts';

export interface FindingSelection {
  readonly from: Date | null;
  /** Not part of the span. */
  readonly to: Date | null;
  readonly line: string | null;
  /** Only defects that are there as far as anybody knows: of the newest look, and not rejected. */
  readonly isOpen: boolean;
}

type Row = ExportedFinding & { readonly cursorAt: string };

const BATCH_FINDINGS = 1_000;

export class FindingExportRepository {
  constructor(private readonly database: Database) {}

  async count(selection: FindingSelection): Promise<number> {
    const { rows } = await this.database.query<{ count: number }>(
      `SELECT count(*)::float8 AS count FROM finding f WHERE ${SELECTED}`,
      valuesOf(selection),
    );
    return rows[0]!.count;
  }

  /** Oldest first, some at a time: no connection is held while whoever reads is slow. */
  async *batches(selection: FindingSelection): AsyncGenerator<readonly ExportedFinding[]> {
    let after: Row | undefined;
    for (;;) {
      const { rows }: { rows: Row[] } = await this.database.query<Row>(
        `SELECT finding_id AS "findingId", f.line_id AS "lineId", f.tower_id AS "towerId", longitude_deg AS "longitudeDeg",
                latitude_deg AS "latitudeDeg", flight_id AS "flightId", inspected_at AS "inspectedAt", kind,
                defect_number AS "defectNumber", outcome, severity, probability,
                CASE review_state WHEN 'unreviewed' THEN 'proposed' ELSE review_state END AS "reviewState",
                reviewed_by AS "reviewedBy", reviewed_at AS "reviewedAt", height_metre AS "heightMetre",
                model_version AS "modelVersion", image_ids AS "imageIds", inspected_at::text AS "cursorAt"
           FROM finding f JOIN tower USING (line_id, tower_id)
          WHERE ${SELECTED} AND ($5::timestamptz IS NULL OR (inspected_at, finding_id) > ($5, $6::uuid))
          ORDER BY inspected_at, finding_id LIMIT ${BATCH_FINDINGS}`,
        [...valuesOf(selection), after?.cursorAt ?? null, after?.findingId ?? null],
      );
      yield rows;
      if (rows.length < BATCH_FINDINGS) return;
      after = rows.at(-1);
    }
  }
}

/** A clean finding that a person has rejected is a defect. */
const SELECTED = `($1::timestamptz IS NULL OR f.inspected_at >= $1) AND ($2::timestamptz IS NULL OR f.inspected_at < $2)
  AND ($3::text IS NULL OR f.line_id = $3)
  AND (NOT $4 OR (f.outcome = 'defect') = (f.review_state <> 'rejected') AND NOT EXISTS (
        SELECT FROM finding later
         WHERE later.line_id = f.line_id AND later.tower_id = f.tower_id AND later.kind = f.kind
           AND later.flight_id <> f.flight_id
           AND later.inspected_at > (SELECT max(same.inspected_at) FROM finding same
                                      WHERE same.line_id = f.line_id AND same.tower_id = f.tower_id AND same.kind = f.kind
                                        AND same.flight_id = f.flight_id)))`;

function valuesOf({ from, to, line, isOpen }: FindingSelection): unknown[] {
  return [from, to, line, isOpen];
}

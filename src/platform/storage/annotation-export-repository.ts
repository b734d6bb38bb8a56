/** Photographs with their boxes as they stand, for other tools. */
import type { Annotation, AnnotationState, ExportedPicture } from '../../core/annotation/annotation.ts';
import type { Database } from './database.ts';

export interface AnnotationSelection {
  readonly state: AnnotationState | 'all';
  readonly flight: string | null;
  readonly line: string | null;
}

export interface SelectedPicture extends ExportedPicture {
  /** Boxes that nobody has judged: a picture whose other boxes are confirmed says nothing of these. */
  readonly undecided: number;
}

/** category, x, y, width, height, score, state, model version, reviewer, time: JSON keeps every digit. */
type BoxTuple = readonly [
  string,
  number,
  number,
  number,
  number,
  number | null,
  AnnotationState,
  string | null,
  string | null,
  string | null,
];

interface PictureRow {
  readonly sha256: string;
  readonly file_name: string;
  readonly media_type: string;
  readonly width_px: number;
  readonly height_px: number;
  readonly undecided: number;
  readonly boxes: readonly BoxTuple[];
}

const BATCH_PICTURES = 500;

/**
 * confirmed: photographs of which a person said something, if only that what the machine saw is not there;
 * proposed: those with boxes that wait; all: whatever was analysed or annotated.
 *
 * Of what is narrowed to, a batch in the order of hashes: the same photographs come in the same order anywhere.
 */
const SELECTION = `
  WITH wanted AS (
    SELECT * FROM image
     WHERE ($2::text IS NULL OR flight_id = $2) AND ($3::text IS NULL OR line_id = $3)
       AND ($4::text IS NULL OR sha256 > $4)
       AND CASE $1
             WHEN 'confirmed' THEN EXISTS (SELECT FROM box_review r WHERE r.image_id = image.image_id)
             WHEN 'proposed' THEN EXISTS (SELECT FROM detection d WHERE d.image_id = image.image_id
                                             AND NOT EXISTS (SELECT FROM box_review r WHERE r.detection_id = d.detection_id))
             ELSE state = 'analysed' OR EXISTS (SELECT FROM box_review r WHERE r.image_id = image.image_id)
           END
  )`;

const STATES: Readonly<Record<AnnotationSelection['state'], readonly AnnotationState[]>> = {
  confirmed: ['confirmed'],
  proposed: ['proposed'],
  all: ['proposed', 'confirmed'],
};

export class AnnotationExportRepository {
  constructor(private readonly database: Database) {}

  async count({ state, flight, line }: AnnotationSelection): Promise<number> {
    const { rows } = await this.database.query<{ count: number }>(
      `${SELECTION} SELECT count(*)::float8 AS count FROM wanted`,
      [state, flight, line, null],
    );
    return rows[0]!.count;
  }

  /** All of them, a few hundred at a time. */
  async *pictures(selection: AnnotationSelection): AsyncGenerator<SelectedPicture> {
    let after: string | null = null;
    for (;;) {
      const rows: PictureRow[] = await this.batch(selection, after);
      for (const row of rows) yield toPicture(row);
      if (rows.length < BATCH_PICTURES) return;
      after = rows.at(-1)!.sha256;
    }
  }

  private async batch(
    { state, flight, line }: AnnotationSelection,
    after: string | null,
  ): Promise<PictureRow[]> {
    const { rows } = await this.database.query<PictureRow>(
      `${SELECTION}, batch AS (SELECT * FROM wanted ORDER BY sha256 LIMIT ${BATCH_PICTURES}),
       boxes AS (
         SELECT image_id, (count(*) FILTER (WHERE state = 'proposed'))::int AS undecided,
                json_agg(json_build_array(category, x_px, y_px, width_px, height_px, score, state, model_version, reviewed_by,
                                          to_char(reviewed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
                         ORDER BY category COLLATE "C", x_px, y_px, width_px, height_px, score, reviewed_at)
                  FILTER (WHERE state = ANY ($5::text[])) AS boxes
           FROM annotation WHERE image_id IN (SELECT image_id FROM batch) GROUP BY image_id
       )
       SELECT sha256, file_name, media_type, width_px, height_px, coalesce(undecided, 0) AS undecided,
              coalesce(boxes, '[]') AS boxes
         FROM batch LEFT JOIN boxes USING (image_id) ORDER BY sha256`,
      [state, flight, line, after, STATES[state]],
    );
    return rows;
  }
}

function toPicture(row: PictureRow): SelectedPicture {
  return {
    sha256: row.sha256,
    fileName: row.file_name,
    mediaType: row.media_type,
    widthPx: row.width_px,
    heightPx: row.height_px,
    undecided: row.undecided,
    annotations: row.boxes.map(toAnnotation),
  };
}

function toAnnotation([
  category,
  xPx,
  yPx,
  widthPx,
  heightPx,
  score,
  state,
  modelVersion,
  reviewedBy,
  reviewedAt,
]: BoxTuple): Annotation {
  const box = { xPx, yPx, widthPx, heightPx };
  return { category, box, state, score, modelVersion, reviewedBy, reviewedAt };
}

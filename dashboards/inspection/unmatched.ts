/** Photographs that need somebody: no tower, or the detector failed. */
import { columns, hidden, linked, wide, words } from '../house/columns.ts';
import { toImage } from '../house/links.ts';
import { table } from '../house/panels.ts';
import { sql } from '../house/sql.ts';
import { COLOUR } from '../house/style.ts';

export const unmatched = () =>
  columns(
    table({
      title: 'Photographs that need somebody',
      about:
        'Their tower is not known (no position inside, none near, or several), or the detector failed. A tower is set with PUT /v1/images/{id}/match.',
      empty: 'None: every photograph has its tower and was analysed.',
      query: sql`
        SELECT CASE WHEN state = 'failed' THEN 'failed' ELSE 'no tower' END AS problem, received_at AS "time", file_name AS file,
               coalesce(failure, CASE WHEN latitude_deg IS NULL THEN 'no position in the file'
                                      WHEN match_state = 'needs-matching' THEN 'several towers could be it'
                                      ELSE 'no tower near ' || round(latitude_deg::numeric, 5) || ', ' || round(longitude_deg::numeric, 5) END) AS why,
               image_id::text AS image
          FROM ((SELECT * FROM image WHERE match_state IN ('needs-matching', 'unmatched') ORDER BY received_at DESC LIMIT 100)
                UNION (SELECT * FROM image WHERE state = 'failed' ORDER BY received_at DESC LIMIT 100)) AS needy
         ORDER BY received_at DESC LIMIT 100`,
    }),
    words('problem', { failed: COLOUR.vermillion, 'no tower': COLOUR.yellow }),
    wide('time', 160),
    linked('file', toImage()),
    hidden('image'),
  ).height(6);

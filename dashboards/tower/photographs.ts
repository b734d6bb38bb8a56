/** The last photographs of the tower, with what was seen and where. */
import { TableCellHeight } from '@grafana/grafana-foundation-sdk/common';
import { columns, hidden, linked, picture, wide } from '../house/columns.ts';
import { thumbnailUrl, toFindings, toImage, toReview } from '../house/links.ts';
import { table } from '../house/panels.ts';
import { chosen, sql, TIME_TO } from '../house/sql.ts';

export const photographs = () =>
  columns(
    table({
      title: 'Last photographs',
      about:
        'The newest first, with defects in orange and other objects in blue, where the detector saw them and people left them.',
      empty: 'No photograph of this tower yet: upload one with POST /v1/images.',
      query: sql`
        SELECT i.taken_at AS "time", ${thumbnailUrl('i.image_id')} AS photograph, coalesce(seen.words, i.state) AS seen,
               i.flight_id AS flight, i.image_id::text AS image, i.line_id AS line, i.tower_id AS tower
          FROM (SELECT * FROM image
                 WHERE ${chosen('line_id', 'line')} AND ${chosen('tower_id', 'tower')} AND taken_at <= ${TIME_TO}
                 ORDER BY taken_at DESC LIMIT 8) AS i
          LEFT JOIN LATERAL (
            SELECT string_agg(category || CASE WHEN state = 'confirmed' THEN ' by ' || reviewed_by
                                               ELSE ' ' || to_char(100 * score, 'FM990') || ' %' END, ', '
                              ORDER BY state, score DESC NULLS FIRST) AS words
              FROM annotation a
             WHERE a.image_id = i.image_id AND (state = 'confirmed' OR (state = 'proposed' AND score >= 0.5))
          ) AS seen ON true
         ORDER BY i.taken_at DESC`,
    }),
    wide('time', 160),
    picture('photograph', 'Photograph of the tower'),
    wide('flight', 110),
    linked('seen', toImage(), toReview(), toFindings()),
    linked('photograph', toImage()),
    hidden('image', 'line', 'tower'),
  )
    .cellHeight(TableCellHeight.Lg)
    .height(12);

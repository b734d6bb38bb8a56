/** The last photographs of the tower, with what the detector saw and where. */
import { columns, hidden, linked, picture, wide } from '../house/columns.ts';
import { thumbnailUrl, toFindings, toImage, toReview } from '../house/links.ts';
import { table } from '../house/panels.ts';
import { chosen, sql, TIME_TO } from '../house/sql.ts';
import { COLOUR } from '../house/style.ts';
import { TableCellHeight } from '@grafana/grafana-foundation-sdk/common';

/** Boxes as a drawing of the photograph's own shape: defects in one colour, objects in another. */
const boxes = `
  'data:image/svg+xml;base64,' || translate(encode(convert_to(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ' || i.width_px || ' ' || i.height_px || '">'
    || '<rect width="100%" height="100%" fill="#20242c"/>' || coalesce(seen.rectangles, '') || '</svg>', 'UTF8'), 'base64'), E'\\n', '')`;

export const photographs = () =>
  columns(
    table({
      title: 'Last photographs',
      about:
        'The newest first. The drawing shows where the detector saw objects (blue) and defects (orange).',
      empty: 'No photograph of this tower yet: upload one with POST /v1/images.',
      query: sql`
        SELECT i.taken_at AS "time", ${thumbnailUrl('i.image_id')} AS photograph, ${boxes} AS boxes,
               coalesce(seen.words, i.state) AS seen, i.flight_id AS flight, i.image_id::text AS image,
               i.line_id AS line, i.tower_id AS tower
          FROM (SELECT * FROM image
                 WHERE ${chosen('line_id', 'line')} AND ${chosen('tower_id', 'tower')} AND taken_at <= ${TIME_TO}
                 ORDER BY taken_at DESC LIMIT 8) AS i
          LEFT JOIN LATERAL (
            SELECT string_agg(category || ' ' || to_char(100 * score, 'FM990') || ' %', ', ' ORDER BY score DESC) AS words,
                   string_agg(format('<rect x="%s" y="%s" width="%s" height="%s" fill="none" stroke="%s" stroke-width="%s"/>',
                     round(x_px::numeric), round(y_px::numeric), round(width_px::numeric), round(height_px::numeric),
                     CASE WHEN category IN (SELECT kind FROM finding) THEN '${COLOUR.orange}' ELSE '${COLOUR.sky}' END,
                     greatest(2, i.width_px / 80)), '' ORDER BY score) AS rectangles
              FROM detection d WHERE d.image_id = i.image_id AND score >= 0.5
          ) AS seen ON true
         ORDER BY i.taken_at DESC`,
    }),
    wide('time', 160),
    picture('photograph', 'Photograph of the tower'),
    picture('boxes', 'Boxes of what was seen'),
    wide('flight', 110),
    linked('seen', toImage(), toReview(), toFindings()),
    linked('photograph', toImage()),
    hidden('image', 'line', 'tower'),
  )
    .cellHeight(TableCellHeight.Lg)
    .height(12);

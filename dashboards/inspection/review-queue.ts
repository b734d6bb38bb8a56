/** What a person should decide next, with the photograph beside it. */
import { TableCellHeight } from '@grafana/grafana-foundation-sdk/common';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { columns, hidden, inUnit, linked, picture, severity, wide } from '../house/columns.ts';
import { thumbnailUrl, toFindings, toImage, toTower } from '../house/links.ts';
import { table } from '../house/panels.ts';
import { chosen, sql, TIME_TO } from '../house/sql.ts';

export const reviewQueue = () =>
  columns(
    table({
      title: 'Review queue',
      about:
        'First where sensors complain too, then what the detector is least sure of: there a decision teaches most. Click a picture to see it large, the tower to see its readings.',
      empty: 'Nothing waits for review.',
      query: sql`
        SELECT ${thumbnailUrl('f.image_ids[1]')} AS photograph, coalesce(event.severity, 'no event') AS severity, f.line_id AS line,
               f.tower_id AS tower, f.kind, f.probability, f.inspected_at AS "time", f.flight_id AS flight,
               cardinality(f.image_ids)::float8 AS photographs, f.image_ids[1]::text AS image
          FROM finding f
          LEFT JOIN (SELECT DISTINCT ON (line_id, tower_id) line_id, tower_id, severity, severity_level
                       FROM anomaly_event_severity WHERE closed_at IS NULL
                      ORDER BY line_id, tower_id, severity_level DESC) AS event USING (line_id, tower_id)
         WHERE f.outcome = 'defect' AND f.review_state = 'unreviewed' AND f.inspected_at <= ${TIME_TO} AND ${chosen('f.line_id', 'line')}
         ORDER BY event.severity_level DESC NULLS LAST, abs(f.probability - 0.5), f.inspected_at DESC LIMIT 50`,
    }),
    picture('photograph', 'Photograph with the finding'),
    severity('severity'),
    wide('line', 60),
    wide('tower', 70),
    inUnit('probability', units.PercentUnit, 0, 95),
    wide('time', 160),
    inUnit('photographs', units.Short, 0, 100),
    linked('photograph', toImage()),
    linked('tower', toTower()),
    linked('kind', toFindings(), toImage()),
    hidden('image'),
  )
    .cellHeight(TableCellHeight.Lg)
    .height(13);

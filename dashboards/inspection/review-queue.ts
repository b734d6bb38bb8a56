/** What a person should decide next, with the photograph beside it. */
import { TableCellHeight } from '@grafana/grafana-foundation-sdk/common';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { columns, hidden, inUnit, linked, picture, severity, wide } from '../house/columns.ts';
import { thumbnailUrl, toFindingReview, toFindings, toImage, toTower } from '../house/links.ts';
import { table } from '../house/panels.ts';
import { chosen, sql, TIME_TO } from '../house/sql.ts';

export const reviewQueue = () =>
  columns(
    table({
      title: 'Review queue',
      about:
        'First where a decision teaches or saves most: the less sure, the worse and the longer it waits, the more where sensors complain or say otherwise (docs/review.md). Click the kind to decide, a picture to see it large, the tower to see its readings.',
      empty: 'Nothing waits for review.',
      query: sql`
        SELECT ${thumbnailUrl('q.image_ids[1]')} AS photograph, coalesce(q.event_severity, 'no event') AS severity, q.line_id AS line,
               q.tower_id AS tower, q.kind, q.probability, q.awaits || ' opinion' AS awaits, q.inspected_at AS "time", q.flight_id AS flight,
               cardinality(q.image_ids)::float8 AS photographs, q.image_ids[1]::text AS image, q.finding_id::text AS finding
          FROM review_queue(${TIME_TO}) q
         WHERE ${chosen('q.line_id', 'line')}
         ORDER BY q.priority DESC, q.finding_id LIMIT 50`,
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
    linked('kind', toFindingReview(), toFindings(), toImage()),
    hidden('image'),
    hidden('finding'),
  )
    .cellHeight(TableCellHeight.Lg)
    .height(13);

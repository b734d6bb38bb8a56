/** The events of one tower, open ones first. */
import * as units from '@grafana/grafana-foundation-sdk/units';
import { columns, inUnit, linked, severity, wide } from '../house/columns.ts';
import { toFindings, toReview } from '../house/links.ts';
import { table } from '../house/panels.ts';
import { chosen, sql, TIME_TO } from '../house/sql.ts';

export const eventsOfTower = () =>
  columns(
    table({
      title: 'Events of this tower',
      about:
        'What the sensors said, in the words of the reading that changed the event last, and what the last drone saw.',
      empty: 'No event was ever opened here.',
      query: sql`
        SELECT severity, opened_at AS "time", closed_at AS closed, kind, peak_score AS probability, sentence AS why,
               CASE WHEN drone_agrees THEN 'saw it too' WHEN last_look_at IS NULL THEN 'no drone yet' ELSE 'saw nothing' END AS "last drone",
               line_id AS line, tower_id AS tower
          FROM anomaly_event_severity
         WHERE ${chosen('line_id', 'line')} AND ${chosen('tower_id', 'tower')} AND opened_at <= ${TIME_TO}
         ORDER BY closed_at IS NOT NULL, opened_at DESC LIMIT 50`,
    }),
    severity('severity'),
    wide('time', 160),
    wide('closed', 160),
    wide('kind', 125),
    inUnit('probability', units.PercentUnit, 0, 95),
    wide('last drone', 110),
    wide('line', 60),
    wide('tower', 70),
    linked('kind', toReview(), toFindings()),
  ).height(5);

/** Every open event with its reason, the worst and oldest first. */
import * as units from '@grafana/grafana-foundation-sdk/units';
import { columns, hidden, inUnit, linked, severity, wide } from '../house/columns.ts';
import { toFindings, toLine, toReview, toTower } from '../house/links.ts';
import { table } from '../house/panels.ts';
import { ageSeconds, chosen, OPEN, sql } from '../house/sql.ts';

export function openEvents() {
  const panel = table({
    title: 'Open events, the worst and oldest first',
    about:
      'Why: the channel that leads, and how far it is from what weather and load explain. Click a tower for its readings, photographs and labels.',
    empty:
      'No event is open. Whether the sensors are well says Ingest health; quiet is not the same as well.',
    query: sql`
      SELECT severity, line_id AS line, tower_id AS tower, ${ageSeconds('opened_at')} AS age, kind,
             peak_score AS probability, why,
             CASE WHEN drone_agrees THEN 'saw it too, ' WHEN last_look_at IS NULL THEN 'no drone yet' ELSE 'saw nothing, ' END
               || coalesce(to_char(last_look_at, 'YYYY-MM-DD'), '') AS "last drone", sensor_id AS sensor
        FROM anomaly_event_severity
       WHERE ${OPEN} AND ${chosen('line_id', 'line')}
       ORDER BY severity_level DESC, opened_at LIMIT 200`,
  });
  return columns(
    panel,
    severity('severity'),
    inUnit('age', units.Seconds, 0, 90),
    inUnit('probability', units.PercentUnit, 0, 95),
    wide('line', 60),
    wide('tower', 70),
    wide('kind', 125),
    wide('last drone', 170),
    linked('tower', toTower(), toReview(), toFindings()),
    linked('line', toLine()),
    hidden('sensor'),
  )
    .height(7)
    .span(24);
}

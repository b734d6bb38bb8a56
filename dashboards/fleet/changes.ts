/** What happened in the range of the board: events, findings, flights, models. */
import { columns, linked, wide, words } from '../house/columns.ts';
import { toTower } from '../house/links.ts';
import { stackedBars, table } from '../house/panels.ts';
import { chosen, sql, timeFilter, timeGroup } from '../house/sql.ts';
import { COLOUR, paint, SEVERITY } from '../house/style.ts';

export function openedPerDay() {
  const panel = stackedBars({
    title: 'Events opened a day',
    about:
      'By severity. A day that stands out on all lines is weather that the model has not learned, not defects.',
    empty: 'No event opened in this range.',
    query: sql`
      SELECT ${timeGroup('opened_at', '1d')},
             count(*) FILTER (WHERE severity = 'minor')::float8 AS minor,
             count(*) FILTER (WHERE severity = 'major')::float8 AS major,
             count(*) FILTER (WHERE severity = 'critical')::float8 AS critical
        FROM anomaly_event_severity WHERE ${timeFilter('opened_at')} AND ${chosen('line_id', 'line')}
       GROUP BY 1 ORDER BY 1`,
  });
  return SEVERITY.reduce((rest, { word, colour }) => rest.overrideByName(word, [paint(colour)]), panel)
    .height(7)
    .span(24);
}

export function changes() {
  const panel = table({
    title: 'What changed',
    about:
      'Events that opened and closed, defects that drones found, flights, and models that went into service.',
    empty: 'Nothing changed in this range: widen it to see more.',
    query: sql`
      SELECT at AS time, what, line, tower, details
        FROM (
          SELECT opened_at AS at, 'event opened' AS what, line_id AS line, tower_id AS tower, kind || ': ' || why AS details
            FROM anomaly_event_severity WHERE ${timeFilter('opened_at')}
          UNION ALL
          SELECT closed_at, 'event closed', line_id, tower_id, kind FROM anomaly_event WHERE ${timeFilter('closed_at')}
          UNION ALL
          SELECT inspected_at, 'defect found', line_id, tower_id,
                 kind || ', probability ' || to_char(100 * probability, 'FM990') || ' %, ' || review_state
            FROM finding WHERE outcome = 'defect' AND ${timeFilter('inspected_at')}
          UNION ALL
          SELECT started_at, 'flight', line_id, '', flight_id FROM flight WHERE ${timeFilter('started_at')}
        ) AS each
       WHERE ${chosen('line', 'line')}
       ORDER BY at DESC LIMIT 100`,
  });
  return columns(
    panel,
    wide('time', 160),
    words('what', {
      'event opened': COLOUR.vermillion,
      'event closed': COLOUR.green,
      'defect found': COLOUR.orange,
      flight: COLOUR.sky,
    }),
    wide('line', 60),
    wide('tower', 70),
    linked('tower', toTower()),
  )
    .height(13)
    .span(14);
}

/** The sections of a line, a tower each: when they were quiet, suspect, or not heard at all. */
import * as units from '@grafana/grafana-foundation-sdk/units';
import { MappingType } from '@grafana/grafana-foundation-sdk/dashboard';
import { columns, graded, inUnit, linked, severity, wide, words } from '../house/columns.ts';
import { toTower } from '../house/links.ts';
import { table, timeline } from '../house/panels.ts';
import { chosen, OPEN, sql, TIME_FROM, TIME_TO } from '../house/sql.ts';
import { COLOUR, LOOK_DUE_DAYS, SEVERITY } from '../house/style.ts';

/** Not heard is a state of its own: a section without readings is not quiet. */
const NOT_HEARD = -1;

/**
 * A row where a section's state changes: its range begins or ends, an event opens or closes, readings cease or return.
 *
 * Readings have ceased when none came for three times the section's usual distance, and at least three hours.
 */
const states = sql`
  WITH section AS (
    SELECT tower_id FROM tower WHERE ${chosen('line_id', 'line')}
  ), event AS (
    SELECT tower_id, opened_at, closed_at, severity_level FROM anomaly_event_severity
     WHERE ${chosen('line_id', 'line')} AND opened_at <= ${TIME_TO} AND (closed_at IS NULL OR closed_at > ${TIME_FROM})
  ), hour AS (
    SELECT DISTINCT s.tower_id, h.hour_at
      FROM sensor s CROSS JOIN LATERAL impedance_hours(s.sensor_id, ${TIME_FROM}, ${TIME_TO}) AS h
     WHERE s.kind = 'impedance' AND ${chosen('s.line_id', 'line')}
  ), step AS (
    SELECT tower_id, hour_at, lead(hour_at, 1, ${TIME_TO}) OVER (PARTITION BY tower_id ORDER BY hour_at) AS next_at FROM hour
  ), usual AS (
    SELECT tower_id, greatest(INTERVAL '3 hours', 3 * percentile_disc(0.5) WITHIN GROUP (ORDER BY next_at - hour_at)) AS longest
      FROM step GROUP BY 1
  ), silence AS (
    SELECT tower_id, hour_at + INTERVAL '1 hour' AS from_at, next_at AS to_at
      FROM step JOIN usual USING (tower_id) WHERE next_at - hour_at > longest
    UNION ALL
    SELECT tower_id, ${TIME_FROM}, ${TIME_TO} FROM section WHERE NOT EXISTS (SELECT FROM hour WHERE hour.tower_id = section.tower_id)
  ), moment AS (
    SELECT tower_id, ${TIME_FROM} AS at FROM section
    UNION SELECT tower_id, ${TIME_TO} FROM section
    UNION SELECT tower_id, opened_at FROM event WHERE opened_at > ${TIME_FROM}
    UNION SELECT tower_id, closed_at FROM event WHERE closed_at <= ${TIME_TO}
    UNION SELECT tower_id, from_at FROM silence
    UNION SELECT tower_id, to_at FROM silence
  )
  SELECT moment.at AS "time", moment.tower_id AS metric,
         CASE WHEN EXISTS (SELECT FROM silence s
                            WHERE s.tower_id = moment.tower_id AND s.from_at <= moment.at AND moment.at < s.to_at) THEN ${NOT_HEARD}
              ELSE coalesce(max(event.severity_level), 0) END::float8 AS level
    FROM moment
    LEFT JOIN event ON event.tower_id = moment.tower_id AND event.opened_at <= moment.at
                   AND (event.closed_at IS NULL OR event.closed_at > moment.at)
   GROUP BY moment.at, moment.tower_id ORDER BY 1, length(moment.tower_id), 2`;

export function sectionStrip() {
  const meanings = [{ level: NOT_HEARD, word: 'not heard', colour: COLOUR.grey }, ...SEVERITY];
  return timeline({
    title: 'Sections over time',
    about:
      'A strip a tower, in the order of the line. Several strips that change together are weather or load; one alone is a defect or its sensor. Grey: no readings.',
    empty: 'The line has no tower yet: import assets, or let its sensors publish.',
    query: states,
  })
    .mappings([
      {
        type: MappingType.ValueToText,
        options: Object.fromEntries(
          meanings.map(({ level, word, colour }, index) => [
            String(level),
            { text: word, color: colour, index },
          ]),
        ),
      },
    ])
    .height(11);
}

export function sectionTable() {
  const panel = table({
    title: 'Sections now',
    about: 'What sensors and drones say of each tower at the end of the range.',
    empty: 'The line has no tower yet: import assets, or let its sensors publish.',
    query: sql`
      SELECT coalesce(event.severity, 'no event') AS severity, t.line_id AS line, t.tower_id AS tower,
             heard.state AS sensors, heard.last_observed_at AS "last reading",
             extract(epoch FROM ${TIME_TO} - look.inspected_at)::float8 AS "since last look",
             coalesce(look.says, 'no drone yet') AS "last look", coalesce(event.why, '') AS why
        FROM tower t
        LEFT JOIN (
          SELECT DISTINCT ON (line_id, tower_id) line_id, tower_id, severity, why, severity_level
            FROM anomaly_event_severity WHERE ${OPEN} ORDER BY line_id, tower_id, severity_level DESC, opened_at
        ) AS event USING (line_id, tower_id)
        LEFT JOIN (
          SELECT line_id, tower_id, max(last_observed_at) AS last_observed_at,
                 CASE WHEN bool_and(state = 'ok') THEN 'ok' WHEN bool_or(state = 'ok') THEN 'some silent' ELSE 'silent' END AS state
            FROM heard_sensors(${TIME_TO}) WHERE ${chosen('line_id', 'line')} GROUP BY 1, 2
        ) AS heard USING (line_id, tower_id)
        LEFT JOIN (
          SELECT line_id, tower_id, max(inspected_at) AS inspected_at,
                 coalesce(string_agg(kind, ', ') FILTER (WHERE shows_defect), 'clean') AS says
            FROM tower_look WHERE inspected_at <= ${TIME_TO} GROUP BY 1, 2
        ) AS look USING (line_id, tower_id)
       WHERE ${chosen('t.line_id', 'line')}
       ORDER BY coalesce(event.severity_level, 0) DESC, length(t.tower_id), t.tower_id LIMIT 500`,
  });
  return columns(
    panel,
    severity('severity'),
    wide('line', 60),
    wide('tower', 70),
    words('sensors', { ok: COLOUR.calm, 'some silent': COLOUR.yellow, silent: COLOUR.grey }),
    wide('last reading', 160),
    graded('since last look', units.Seconds, [
      [null, COLOUR.calm],
      [LOOK_DUE_DAYS * 86_400, COLOUR.orange],
    ]),
    inUnit('last look', units.NoUnit, undefined, 150),
    linked('tower', toTower()),
  ).height(12);
}

/** An anomaly event is open: one alert an event, by severity. */
import { UID } from '../house/links.ts';
import { sql } from '../house/sql.ts';
import type { AlertRule } from './alert-rule.ts';

/** The worse, the sooner. Events have a hysteresis of their own (how they open and close), so these need no other. */
const WAIT = { critical: '2m', major: '10m', minor: '30m' } as const;

export const anomaly = (severity: keyof typeof WAIT): AlertRule => ({
  uid: `spanwatch-anomaly-${severity}`,
  title: `Anomaly, ${severity}`,
  team: 'reliability',
  severity,
  // An event that has closed stays a day with a zero, so that its alert ends by a number and not by a missing row.
  sql: sql`
    SELECT line_id AS line, tower_id AS tower, sensor_id AS sensor, kind, anomaly_event_id::text AS event,
           to_char(opened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"') AS since, why,
           (closed_at IS NULL AND severity = '${severity}')::int::float8 AS is_open
      FROM anomaly_event_severity
     WHERE closed_at IS NULL OR closed_at > now() - INTERVAL '1 day'
    UNION ALL
    SELECT line_id, tower_id, 'none', 'none', 'none', 'none', 'none', 0::float8
      FROM tower t
     WHERE NOT EXISTS (SELECT FROM anomaly_event e WHERE e.line_id = t.line_id AND e.tower_id = t.tower_id
                          AND (e.closed_at IS NULL OR e.closed_at > now() - INTERVAL '1 day'))
    UNION ALL
    SELECT 'none', 'none', 'none', 'none', 'none', 'none', 'none', 0::float8 WHERE NOT EXISTS (SELECT FROM tower)`,
  fires: { above: 0 },
  for: WAIT[severity],
  keepFiringFor: '10m',
  summary: `{{ .Labels.kind }} suspected at tower {{ .Labels.tower }} of line {{ .Labels.line }} (${severity})`,
  why: 'Sensor {{ .Labels.sensor }}: {{ .Labels.why }}, when it opened at {{ .Labels.since }}.',
  whatToDo:
    'Open the tower: compare measured with expected, look at weather and load at the time and at the last photographs. If they do not explain it, send a drone; review what it finds.',
  panel: {
    uid: UID.tower,
    title: 'Resistance, measured against expected',
    query: 'var-line={{ .Labels.line }}&var-tower={{ .Labels.tower }}&var-sensor={{ .Labels.sensor }}',
  },
});

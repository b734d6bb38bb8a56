/** A tower from which no sensor reports: nobody watches that section. */
import { UID } from '../house/links.ts';
import { sql } from '../house/sql.ts';
import type { AlertRule } from './alert-rule.ts';

export const sectionSilent: AlertRule = {
  uid: 'spanwatch-section-silent',
  title: 'Section silent',
  team: 'reliability',
  severity: 'major',
  // Overdue by each sensor's own rhythm; the least silent sensor of a tower speaks for it.
  sql: sql`
    SELECT line_id AS line, tower_id AS tower,
           (CASE WHEN bool_or(state = 'ok') THEN 0 ELSE min(silent_seconds) / 60 END)::float8 AS overdue_minutes
      FROM heard_sensors(now()) WHERE state <> 'never heard' GROUP BY 1, 2
    UNION ALL
    SELECT 'none', 'none', 0::float8 WHERE NOT EXISTS (SELECT FROM sensor)`,
  fires: { above: 30, untilBelow: 5 },
  for: '5m',
  keepFiringFor: '0s',
  summary: 'No sensor of tower {{ .Labels.tower }} of line {{ .Labels.line }} reports',
  why: 'Every sensor there has missed at least two readings of its own rhythm and is overdue by more than 30 minutes.',
  whatToDo:
    'Look whether neighbours are silent too (gateway, radio, supply) and whether anything arrives at all (Ingest health). Until it is back the section is not watched: move up its next flight.',
  panel: { uid: UID.line, title: 'Sections over time', query: 'var-line={{ .Labels.line }}' },
};

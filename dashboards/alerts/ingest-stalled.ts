/** Nothing arrives from any sensor. */
import { UID } from '../house/links.ts';
import { sql } from '../house/sql.ts';
import type { AlertRule } from './alert-rule.ts';

export const ingestStalled: AlertRule = {
  uid: 'spanwatch-ingest-stalled',
  title: 'Ingest stalled',
  team: 'platform',
  severity: 'critical',
  // Beyond two readings of the rhythm that half of the fleet has.
  sql: sql`
    SELECT 'all' AS sensors,
           coalesce(greatest(0, extract(epoch FROM now() - max(last_received_at))
             - 2 * coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY interval_seconds), 600)) / 60, 0)::float8 AS overdue_minutes
      FROM heard_sensors(now()) WHERE state <> 'never heard'`,
  fires: { above: 10, untilBelow: 1 },
  for: '2m',
  keepFiringFor: '0s',
  summary: 'No reading of any sensor is being stored',
  why: 'The newest reading of the whole fleet is more than 10 minutes late by the rhythm of the fleet.',
  whatToDo:
    'Ask /health/ready of Spanwatch which part is not ready: broker, database or ingest. Nothing is lost as long as the broker keeps the session; restart at will.',
  panel: { uid: UID.ingestHealth, title: 'Readings stored a second' },
};

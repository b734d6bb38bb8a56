/** The session that an ingest process has at the broker: forgotten by the broker, or without its process. */
import { UID } from '../house/links.ts';
import { sql } from '../house/sql.ts';
import type { AlertRule } from './alert-rule.ts';

const PANEL = { uid: UID.ingestHealth, title: 'Sessions at the broker' };

export const sessionLost: AlertRule = {
  uid: 'spanwatch-session-lost',
  title: 'Broker session lost',
  team: 'platform',
  severity: 'major',
  sql: sql`
    SELECT client_id AS session, broker,
           CASE WHEN lost_at > now() - INTERVAL '1 hour' THEN 1 ELSE 0 END::float8 AS lost
      FROM ingest_session
     UNION ALL SELECT 'any', 'any', 0`,
  fires: { above: 0 },
  for: '0s',
  keepFiringFor: '0s',
  summary: 'The broker {{ .Labels.broker }} had forgotten the session {{ .Labels.session }}',
  why: 'In the last hour Spanwatch connected and the broker no longer knew a session that it had before: what sensors published while nobody listened is lost.',
  whatToDo:
    'See that the broker keeps sessions over its restart (mosquitto: persistence true) and longer than outages last. Readings that gateways keep can be sent again: doubles do no harm.',
  panel: PANEL,
};

export const ingestAway: AlertRule = {
  uid: 'spanwatch-ingest-away',
  title: 'Ingest process away',
  team: 'platform',
  severity: 'major',
  // One that is killed says nothing: its last word, told every half minute, grows old. After a week the broker has
  // dropped its session, and nothing waits there any more.
  sql: sql`
    SELECT client_id AS session, broker,
           (extract(epoch FROM now() - CASE WHEN state = 'stopped' THEN now()
                                            WHEN state = 'disconnected' THEN least(changed_at, told_at)
                                            ELSE told_at END) / 60)::float8 AS away_minutes
      FROM ingest_session WHERE told_at > now() - INTERVAL '7 days'
     UNION ALL SELECT 'any', 'any', 0`,
  fires: { above: 3, untilBelow: 1 },
  for: '2m',
  keepFiringFor: '0s',
  summary: 'The ingest process {{ .Labels.session }} does not listen to the broker {{ .Labels.broker }}',
  why: 'It was not stopped, and for more than 3 minutes it has not listened, or not said anything.',
  whatToDo:
    'Look whether its process runs and what it logs, and whether the broker answers. The broker keeps what comes meanwhile for a week. One that is gone for good: DELETE its row of ingest_session.',
  panel: PANEL,
};

/** Messages come that can never be stored, many of them. */
import { UID } from '../house/links.ts';
import { sql } from '../house/sql.ts';
import type { AlertRule } from './alert-rule.ts';

export const poisonFlood: AlertRule = {
  uid: 'spanwatch-poison-flood',
  title: 'Flood of rejected messages',
  team: 'platform',
  severity: 'major',
  // Batches that a flood had to be put by in count for themselves: nobody has read yet how many messages they hold.
  sql: sql`
    SELECT reason_code AS reason, (count(*) FILTER (WHERE received_at > now() - INTERVAL '10 minutes') / 10.0)::float8 AS a_minute
      FROM rejected_message WHERE received_at > now() - INTERVAL '1 day' GROUP BY 1
    UNION ALL
    SELECT 'put by, not read yet', count(*)::float8 FROM rejected_batch`,
  fires: { above: 60, untilBelow: 6 },
  for: '2m',
  keepFiringFor: '5m',
  summary: 'Many messages are rejected: {{ .Labels.reason }}',
  why: 'More than 60 different messages a minute could not be stored for this reason in the last 10 minutes.',
  whatToDo:
    'Run `spanwatch rejected list`: topic and bytes say which device and why. Mend it, or keep it from the broker; then `spanwatch rejected replay` stores what can be stored.',
  panel: { uid: UID.ingestHealth, title: 'Rejected messages by reason' },
};

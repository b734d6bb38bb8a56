/** Work failed for good: a photograph, labels or a training. */
import { UID } from '../house/links.ts';
import { sql } from '../house/sql.ts';
import type { AlertRule } from './alert-rule.ts';

export const jobFailures: AlertRule = {
  uid: 'spanwatch-job-failures',
  title: 'Jobs failed for good',
  team: 'platform',
  severity: 'minor',
  sql: sql`
    SELECT queue, sum(failed)::float8 AS failed
      FROM (SELECT queue, 1 AS failed FROM buried_job WHERE buried_at > now() - INTERVAL '1 hour'
            UNION ALL SELECT queue, 0 FROM buried_job WHERE buried_at > now() - INTERVAL '7 days'
            UNION ALL SELECT queue, 0 FROM job_queue
            UNION ALL SELECT 'any', 0) AS each
     GROUP BY 1`,
  fires: { above: 0 },
  for: '0s',
  keepFiringFor: '0s',
  summary: 'Jobs of the queue {{ .Labels.queue }} failed for good',
  why: 'At least one was buried in the last hour after its last try; its cause is in the table.',
  whatToDo:
    'Read the cause in the table. A bad photograph needs nothing; the same cause again and again is ours: report it.',
  panel: { uid: UID.modelQuality, title: 'Jobs that failed for good' },
};

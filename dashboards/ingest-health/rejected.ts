/** What could not be stored, and why. */
import { columns, wide } from '../house/columns.ts';
import { stackedBars, table } from '../house/panels.ts';
import { sql, timeFilter, timeSteps } from '../house/sql.ts';

export const rejectedByReason = () =>
  stackedBars({
    title: 'Rejected messages by reason',
    about:
      'Each kept once with its bytes. `spanwatch rejected list` shows them; after the cause is gone, `spanwatch rejected replay` stores them.',
    empty: 'No message was rejected in this range.',
    query: sql`
      SELECT ${timeSteps('received_at')}, reason_code AS metric, count(*)::float8 AS messages
        FROM rejected_message WHERE ${timeFilter('received_at')} GROUP BY 1, 2 ORDER BY 1`,
  }).span(8);

export const conflicts = () =>
  columns(
    table({
      title: 'Sensors that said two things of one instant',
      about: 'The first was kept. One sensor again and again: two devices share its name.',
      empty: 'None in this range.',
      query: sql`
        SELECT sensor_id AS sensor, kind, count(*)::float8 AS conflicts, max(received_at) AS "last"
          FROM reading_conflict WHERE ${timeFilter('received_at')} GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 50`,
    }),
    wide('conflicts', 100),
    wide('last', 160),
  ).span(8);

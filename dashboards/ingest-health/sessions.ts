/** Who listens at the broker, since when, and what the broker forgot. */
import * as units from '@grafana/grafana-foundation-sdk/units';
import { columns, graded, wide, words } from '../house/columns.ts';
import { table } from '../house/panels.ts';
import { sql, TIME_TO } from '../house/sql.ts';
import { COLOUR } from '../house/style.ts';

/** Told every half minute: one that was silent for so long is dead. */
const DEAD_AFTER = "INTERVAL '3 minutes'";

export const sessions = () =>
  columns(
    table({
      title: 'Sessions at the broker',
      about:
        'One an ingest process. Lost counts how often the broker had forgotten a session that it should have kept: what was published meanwhile is lost. Unacknowledged messages come again after a restart.',
      empty: 'No ingest process has listened yet: start one, `spanwatch start --roles ingest`.',
      query: sql`
        SELECT client_id AS session, broker, coalesce(share_group, '') AS "group",
               CASE WHEN state <> 'stopped' AND told_at < ${TIME_TO} - ${DEAD_AFTER} THEN 'says nothing' ELSE state END AS state,
               changed_at AS since, told_at AS "last word", unacknowledged_messages::float8 AS unacknowledged,
               losses::float8 AS lost, lost_at AS "last lost"
          FROM ingest_session ORDER BY state = 'stopped', client_id`,
    }),
    wide('session', 190),
    wide('broker', 160),
    wide('group', 90),
    words('state', {
      listening: COLOUR.sky,
      stopped: COLOUR.grey,
      disconnected: COLOUR.orange,
      'says nothing': COLOUR.vermillion,
    }),
    wide('since', 160),
    wide('last word', 160),
    wide('unacknowledged', 130),
    graded('lost', units.Short, [
      [null, COLOUR.sky],
      [1, COLOUR.orange],
    ]),
    wide('last lost', 160),
  ).span(24);

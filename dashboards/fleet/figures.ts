/** The six numbers that say whether the day is a quiet one. */
import * as units from '@grafana/grafana-foundation-sdk/units';
import { stat } from '../house/panels.ts';
import { chosen, OPEN, sql, TIME_TO, ageSeconds } from '../house/sql.ts';
import { COLOUR, LOOK_DUE_DAYS } from '../house/style.ts';

const anyIs = (colour: string) =>
  [
    [null, COLOUR.sky],
    [1, colour],
  ] as const;

export const figures = () => [
  stat(
    {
      title: 'Open events',
      about: 'Towers whose sensors read what weather and load do not explain. Each has its row below.',
      empty: '0',
      query: sql`
        SELECT count(*)::float8 AS open_events FROM anomaly_event
         WHERE ${OPEN} AND ${chosen('line_id', 'line')}`,
    },
    units.Short,
    anyIs(COLOUR.orange),
  ),
  stat(
    {
      title: 'Critical',
      about: 'Open events where the last drone saw the defect too, or with a probability of 90 % and more.',
      empty: '0',
      query: sql`
        SELECT count(*)::float8 AS critical FROM anomaly_event_severity
         WHERE severity = 'critical' AND ${OPEN} AND ${chosen('line_id', 'line')}`,
    },
    units.Short,
    anyIs(COLOUR.vermillion),
  ),
  stat(
    {
      title: 'Oldest open event',
      about: 'How long the oldest open event has waited.',
      empty: 'none open',
      query: sql`
        SELECT ${ageSeconds('min(opened_at)')} AS age_seconds FROM anomaly_event
         WHERE ${OPEN} AND ${chosen('line_id', 'line')}`,
    },
    units.Seconds,
    [
      [null, COLOUR.sky],
      [7 * 86_400, COLOUR.yellow],
      [30 * 86_400, COLOUR.vermillion],
    ],
  ).decimals(1),
  stat(
    {
      title: 'Findings to review',
      about: 'Findings that wait for a person to decide: the queue on the Inspection board.',
      empty: '0',
      query: sql`
        SELECT count(*)::float8 AS to_review FROM review_queue(${TIME_TO}) q WHERE ${chosen('q.line_id', 'line')}`,
    },
    units.Short,
    anyIs(COLOUR.yellow),
  ),
  stat(
    {
      title: `Not looked at for ${LOOK_DUE_DAYS} days`,
      about: 'Towers that no drone has seen for half a year, or never. The Inspection board lists them.',
      empty: '0',
      query: sql`
        SELECT count(*)::float8 AS towers FROM tower
         WHERE ${chosen('line_id', 'line')} AND NOT EXISTS (
           SELECT FROM finding f
            WHERE f.line_id = tower.line_id AND f.tower_id = tower.tower_id AND f.inspected_at <= ${TIME_TO}
              AND f.inspected_at > ${TIME_TO} - INTERVAL '${LOOK_DUE_DAYS} days')`,
    },
    units.Short,
    anyIs(COLOUR.yellow),
  ),
  stat(
    {
      title: 'Sensors silent',
      about:
        'Sensors that missed two readings of their own rhythm, or were never heard: a tower without them is not well, it is unseen. The Ingest health board lists them.',
      empty: 'no sensor yet: publish a reading, or import assets',
      query: sql`
        SELECT count(*) FILTER (WHERE state <> 'ok')::float8 AS silent
          FROM heard_sensors(${TIME_TO}) WHERE ${chosen('line_id', 'line')} HAVING count(*) > 0`,
    },
    units.Short,
    anyIs(COLOUR.orange),
  ),
];

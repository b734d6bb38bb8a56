/** What training believes of the sensor, and when. */
import { MappingType } from '@grafana/grafana-foundation-sdk/dashboard';
import { timeline } from '../house/panels.ts';
import { chosen, sql, TIME_FROM, TIME_TO } from '../house/sql.ts';
import { COLOUR } from '../house/style.ts';

const STATES = [
  { level: 0, word: 'clean', colour: COLOUR.green },
  { level: 1, word: 'unknown', colour: COLOUR.grey },
  { level: 2, word: 'defect', colour: COLOUR.vermillion },
] as const;

/** A look is an instant: drawn as wide as this, it can be seen. */
const INSTANT = `INTERVAL '12 hours'`;

export const labelHistory = () =>
  timeline({
    title: 'Labels',
    about:
      'What drones and people say, as training takes it: clean between two clean looks, unknown between the last clean one and the first that shows a defect. Nothing is known after the last look.',
    empty: 'No label in this range: it comes with the first photographs of the tower.',
    query: sql`
      WITH valid AS (
        SELECT kind, state, greatest(from_at, ${TIME_FROM}) AS from_at,
               least(greatest(to_at, from_at + ${INSTANT}), ${TIME_TO}) AS to_at
          FROM label l
         WHERE ${chosen('sensor_id', 'sensor')} AND from_at <= ${TIME_TO} AND to_at >= ${TIME_FROM}
           AND NOT EXISTS (SELECT FROM label newer WHERE newer.supersedes = l.label_id)
      )
      SELECT at AS "time", kind AS metric, min(level)::float8 AS level
        FROM (
          SELECT from_at AS at, kind, CASE state WHEN 'clean' THEN 0 WHEN 'unknown' THEN 1 ELSE 2 END AS level FROM valid
          UNION ALL
          SELECT to_at, kind, NULL FROM valid
        ) AS moment
       GROUP BY 1, 2 ORDER BY 1`,
  })
    .mappings([
      {
        type: MappingType.ValueToText,
        options: Object.fromEntries(
          STATES.map(({ level, word, colour }, index) => [
            String(level),
            { text: word, color: colour, index },
          ]),
        ),
      },
    ])
    .height(6);

/** What the flights found: by kind, and how sure the detector was. */
import * as units from '@grafana/grafana-foundation-sdk/units';
import { bars, stackedBars } from '../house/panels.ts';
import { chosen, sql, timeFilter, timeGroup } from '../house/sql.ts';
import { COLOUR, paint } from '../house/style.ts';

export const findingsByKind = () =>
  stackedBars({
    title: 'Defects found a week, by kind',
    about: 'Defects that were refused in review are left out.',
    empty: 'No defect was found in this range.',
    query: sql`
      SELECT ${timeGroup('inspected_at', '7d')}, kind AS metric, count(*)::float8 AS defects
        FROM finding
       WHERE outcome = 'defect' AND review_state <> 'rejected' AND ${timeFilter('inspected_at')} AND ${chosen('line_id', 'line')}
       GROUP BY 1, 2 ORDER BY 1`,
  })
    .overrideByName('failing_joint', [paint(COLOUR.vermillion)])
    .overrideByName('broken_insulator', [paint(COLOUR.blue)])
    .height(10);

/** Findings from 70 % up are called defects (src/core/domain/finding.ts). */
export const probabilities = () =>
  bars(
    {
      title: 'Findings by probability and severity',
      about:
        'How sure the detector was. Critical: the sensors of the tower complain too. Many in the middle mean that it meets pictures it was not taught.',
      empty: 'No finding in this range.',
      query: sql`
        SELECT band || ' %' AS probability,
               count(*) FILTER (WHERE NOT complains)::float8 AS "drone only",
               count(*) FILTER (WHERE complains)::float8 AS "drone and sensors"
          FROM (SELECT (10 * least(floor(10 * probability), 9))::int || ' to ' || (10 * least(floor(10 * probability), 9) + 10)::int AS band,
                       least(floor(10 * probability), 9) AS ordinal,
                       EXISTS (SELECT FROM anomaly_event e
                                WHERE e.line_id = f.line_id AND e.tower_id = f.tower_id AND e.closed_at IS NULL) AS complains
                  FROM finding f
                 WHERE probability > 0.05 AND ${timeFilter('inspected_at')} AND ${chosen('line_id', 'line')}) AS each
         GROUP BY band, ordinal ORDER BY ordinal`,
    },
    units.Short,
  )
    .overrideByName('drone only', [paint(COLOUR.sky)])
    .overrideByName('drone and sensors', [paint(COLOUR.vermillion)])
    .height(9);

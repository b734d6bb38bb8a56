/** Does a finding of 80 % turn out to be a defect four times out of five? */
import * as units from '@grafana/grafana-foundation-sdk/units';
import { bars } from '../house/panels.ts';
import { chosen, sql, timeFilter } from '../house/sql.ts';
import { COLOUR, paint } from '../house/style.ts';

export const calibration = () =>
  bars(
    {
      title: 'Calibration of the detector',
      about:
        'Findings by their probability: the mean that was said, against the share that proved true by review or, where nobody reviewed, by the next look at the same tower. Equal heights are right; few findings in a bar prove little.',
      empty: 'No finding was reviewed or looked at again in this range: review some of the queue.',
      query: sql`
        WITH judged AS (
          SELECT f.probability,
                 CASE f.review_state
                   WHEN 'confirmed' THEN f.outcome = 'defect' WHEN 'rejected' THEN f.outcome <> 'defect' WHEN 'reclassed' THEN false
                   ELSE next.shows_defect END AS is_defect
            FROM finding f
            LEFT JOIN LATERAL (
              SELECT bool_or((later.outcome = 'defect') = (later.review_state <> 'rejected')) AS shows_defect FROM finding later
               WHERE later.line_id = f.line_id AND later.tower_id = f.tower_id AND later.kind = f.kind
                 AND later.inspected_at > f.inspected_at AND later.flight_id <> f.flight_id
               GROUP BY later.flight_id ORDER BY min(later.inspected_at) LIMIT 1
            ) AS next ON true
           WHERE f.model_version IS NOT NULL AND ${timeFilter('f.inspected_at')} AND ${chosen('f.line_id', 'line')}
        )
        SELECT (20 * band)::int || ' to ' || (20 * band + 20)::int || ' %  (' || count(*) || ')' AS "said",
               avg(probability) AS "mean that was said", avg(is_defect::int)::float8 AS "share that was true"
          FROM (SELECT least(floor(5 * probability), 4) AS band, probability, is_defect FROM judged WHERE is_defect IS NOT NULL) AS each
         GROUP BY band ORDER BY band`,
    },
    units.PercentUnit,
  )
    .min(0)
    .max(1)
    .overrideByName('mean that was said', [paint(COLOUR.sky)])
    .overrideByName('share that was true', [paint(COLOUR.blue)]);

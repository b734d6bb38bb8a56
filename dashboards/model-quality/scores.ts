/** How the sensors' probabilities are spread. */
import * as units from '@grafana/grafana-foundation-sdk/units';
import { bars } from '../house/panels.ts';
import { chosen, sql, TIME_TO } from '../house/sql.ts';
import { COLOUR, paint } from '../house/style.ts';

export const scoreDistribution = () =>
  bars(
    {
      title: 'Sensors by their newest probability',
      about:
        'Most belong to the left. A whole fleet that drifts to the right at once is a season or a load that the model has not learned.',
      empty: 'No reading is scored yet: train a model, or look at Scoring is behind.',
      query: sql`
        SELECT (10 * band)::int || ' to ' || (10 * band + 10)::int || ' %' AS probability,
               count(*) FILTER (WHERE NOT anomalous)::float8 AS quiet, count(*) FILTER (WHERE anomalous)::float8 AS anomalous
          FROM (SELECT least(floor(10 * newest.score), 9) AS band, newest.anomalous
                  FROM sensor s
                 CROSS JOIN LATERAL (SELECT score, anomalous FROM anomaly_score a
                                      WHERE a.sensor_id = s.sensor_id AND a.observed_at <= ${TIME_TO}
                                      ORDER BY observed_at DESC LIMIT 1) AS newest
                 WHERE s.kind = 'impedance' AND ${chosen('s.line_id', 'line')}) AS each
         GROUP BY band ORDER BY band`,
    },
    units.Short,
  )
    .overrideByName('quiet', [paint(COLOUR.sky)])
    .overrideByName('anomalous', [paint(COLOUR.vermillion)]);

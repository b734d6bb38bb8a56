/** How far each quantity is from what is expected, and how likely a defect is. */
import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
} from '@grafana/grafana-foundation-sdk/common';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { series, stepsOf } from '../house/panels.ts';
import { chosen, sql, timeFilter, timeSteps } from '../house/sql.ts';
import { COLOUR, paint } from '../house/style.ts';

const NO_SCORE =
  'No score in this range: Model quality says whether a model serves and how far it is behind.';

export const deviations = () =>
  series(
    {
      title: 'Residual',
      about:
        'What is left when weather and load are taken out, in standard deviations of a healthy sensor, smoothed as the model sees it.',
      empty: NO_SCORE,
      query: sql`
        SELECT ${timeSteps('observed_at')}, channel ->> 'channel' AS metric, avg((channel ->> 'deviation')::float8) AS deviation
          FROM anomaly_score CROSS JOIN LATERAL jsonb_array_elements(channels) AS channel
         WHERE ${timeFilter('observed_at')} AND ${chosen('sensor_id', 'sensor')}
         GROUP BY 1, 2 ORDER BY 1`,
    },
    units.NoUnit,
  )
    .axisLabel('standard deviations')
    .axisCenteredZero(true)
    .overrideByName('resistance_ohm', [paint(COLOUR.vermillion)])
    .overrideByName('leakage_milliampere', [paint(COLOUR.blue)])
    .overrideByName('reactance_ohm', [paint(COLOUR.grey)]);

export const scores = () =>
  series(
    {
      title: 'Probability of a defect',
      about:
        'Calibrated. An event opens when it stays high, not at one reading; the lines are where its severity becomes major and critical.',
      empty: NO_SCORE,
      query: sql`
        SELECT ${timeSteps('observed_at')}, max(score) AS probability
          FROM anomaly_score WHERE ${timeFilter('observed_at')} AND ${chosen('sensor_id', 'sensor')}
         GROUP BY 1 ORDER BY 1`,
    },
    units.PercentUnit,
  )
    .min(0)
    .max(1)
    .overrideByName('probability', [paint(COLOUR.blue)])
    .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed))
    .thresholds(
      stepsOf([
        [null, COLOUR.sky],
        [0.7, COLOUR.orange],
        [0.9, COLOUR.vermillion],
      ]),
    );

/** May one believe the alerts, and is anything scored at all? */
import * as units from '@grafana/grafana-foundation-sdk/units';
import { stat } from '../house/panels.ts';
import { chosen, sql, timeFilter, TIME_TO } from '../house/sql.ts';
import { COLOUR } from '../house/style.ts';

/** 95 %, two-sided. */
const Z = 1.96;

export const figures = () => [
  stat(
    {
      title: 'Precision of alerts, at least',
      about:
        'Lower end of Wilson’s 95 % interval of the share of events that the next look at the tower confirmed. A share without its bound says nothing of five events.',
      empty: 'no event was looked at yet: fly the towers with events',
      query: sql`
        SELECT (p + ${Z} * ${Z} / (2 * n) - ${Z} * sqrt(p * (1 - p) / n + ${Z} * ${Z} / (4 * n * n))) / (1 + ${Z} * ${Z} / n) AS at_least
          FROM (SELECT count(*)::float8 AS n, avg((verdict = 'confirmed')::int)::float8 AS p
                  FROM anomaly_event_verdict
                 WHERE verdict <> 'not looked yet' AND ${timeFilter('opened_at')} AND ${chosen('line_id', 'line')}) AS judged
         WHERE n > 0`,
    },
    units.PercentUnit,
    [
      [null, COLOUR.orange],
      [0.5, COLOUR.sky],
    ],
  ).span(6),
  stat(
    {
      title: 'Events without a look',
      about:
        'Opened in the range and no drone has been there since: until then nobody knows whether they were right.',
      empty: '0',
      query: sql`
        SELECT count(*)::float8 AS events FROM anomaly_event_verdict
         WHERE verdict = 'not looked yet' AND ${timeFilter('opened_at')} AND ${chosen('line_id', 'line')}`,
    },
    units.Short,
    [
      [null, COLOUR.sky],
      [10, COLOUR.yellow],
    ],
  ).span(6),
  stat(
    {
      title: 'Scoring is behind by',
      about:
        'From the newest reading to the newest that the champion has scored, of the sensor that is furthest behind.',
      empty: 'no model serves: train one',
      query: sql`
        SELECT extract(epoch FROM max(heard.last_observed_at - state.scored_until))::float8 AS behind_seconds
          FROM heard_sensors(${TIME_TO}) AS heard
          JOIN scorer_state state ON state.sensor_id = heard.sensor_id
          JOIN model_version champion ON champion.version = state.model_version AND champion.stage = 'champion'
         WHERE ${chosen('heard.line_id', 'line')}`,
    },
    units.Seconds,
    [
      [null, COLOUR.sky],
      [900, COLOUR.yellow],
      [3_600, COLOUR.vermillion],
    ],
  ).span(6),
  stat(
    {
      title: 'Age of the anomaly model',
      about:
        'Since the version in service was registered. It learns seasons only from data of those seasons.',
      empty: 'no model serves: train one',
      query: sql`
        SELECT extract(epoch FROM now() - registered_at)::float8 AS age_seconds
          FROM model_version WHERE model = 'impedance-anomaly' AND stage = 'champion'`,
    },
    units.Seconds,
    [
      [null, COLOUR.sky],
      [90 * 86_400, COLOUR.yellow],
      [180 * 86_400, COLOUR.orange],
    ],
  ).span(6),
];

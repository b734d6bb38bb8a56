/** Were the events right, and are the wrong ones the weather's? */
import * as units from '@grafana/grafana-foundation-sdk/units';
import { bars, stackedBars } from '../house/panels.ts';
import { chosen, sql, timeFilter, timeGroup } from '../house/sql.ts';
import { COLOUR, paint } from '../house/style.ts';

export const verdicts = () =>
  stackedBars({
    title: 'Events a week, by what the next look said',
    about: 'Confirmed, refuted, or not looked at yet. By the week in which the event opened.',
    empty: 'No event opened in this range.',
    query: sql`
      SELECT ${timeGroup('opened_at', '7d')},
             count(*) FILTER (WHERE verdict = 'confirmed')::float8 AS confirmed,
             count(*) FILTER (WHERE verdict = 'refuted')::float8 AS refuted,
             count(*) FILTER (WHERE verdict = 'not looked yet')::float8 AS "not looked yet"
        FROM anomaly_event_verdict WHERE ${timeFilter('opened_at')} AND ${chosen('line_id', 'line')}
       GROUP BY 1 ORDER BY 1`,
  })
    .overrideByName('confirmed', [paint(COLOUR.green)])
    .overrideByName('refuted', [paint(COLOUR.vermillion)])
    .overrideByName('not looked yet', [paint(COLOUR.grey)]);

export const weatherOfVerdicts = () =>
  bars(
    {
      title: 'Events by the weather when they were last seen',
      about:
        'False alarms that pile up in rain or in damp air show weather that the model has not taken out. Alike in all weathers is what one wants.',
      empty: 'No event opened in this range.',
      query: sql`
        SELECT weather,
               count(*) FILTER (WHERE verdict = 'confirmed')::float8 AS confirmed,
               count(*) FILTER (WHERE verdict = 'refuted')::float8 AS refuted,
               count(*) FILTER (WHERE verdict = 'not looked yet')::float8 AS "not looked yet"
          FROM (SELECT verdict, CASE WHEN (context ->> 'rain_millimetre_per_hour')::float8 > 0 THEN 'rain'
                                     WHEN (context ->> 'humidity_percent')::float8 >= 80 THEN 'damp'
                                     WHEN context ->> 'humidity_percent' IS NULL THEN 'not known'
                                     ELSE 'dry' END AS weather
                  FROM anomaly_event_verdict WHERE ${timeFilter('opened_at')} AND ${chosen('line_id', 'line')}) AS each
         GROUP BY 1 ORDER BY 1`,
    },
    units.Short,
  )
    .overrideByName('confirmed', [paint(COLOUR.green)])
    .overrideByName('refuted', [paint(COLOUR.vermillion)])
    .overrideByName('not looked yet', [paint(COLOUR.grey)]);

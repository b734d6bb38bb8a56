/** Load and weather at the time: what moves a healthy sensor. */
import { AxisPlacement } from '@grafana/grafana-foundation-sdk/common';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { series } from '../house/panels.ts';
import { chosen, sql, timeFilter, timeSteps } from '../house/sql.ts';
import { COLOUR, paint } from '../house/style.ts';
import { NO_WEATHER, weatherOfLine } from '../house/weather-sql.ts';

export const circumstances = () => [
  series(
    {
      title: 'Load',
      about: 'The current that this sensor measured.',
      empty: 'No reading with a load in this range.',
      query: sql`
        SELECT ${timeSteps('observed_at')}, avg(load_ampere) AS "load"
          FROM impedance_reading WHERE ${timeFilter('observed_at')} AND ${chosen('sensor_id', 'sensor')}
         GROUP BY 1 ORDER BY 1`,
    },
    units.Ampere,
  )
    .min(0)
    .overrideByName('load', [paint(COLOUR.blue)])
    .height(7),
  series(
    {
      title: 'Weather of the line',
      about: 'Air temperature, humidity and rain, as the station of the line measured them.',
      empty: NO_WEATHER,
      query: weatherOfLine(
        'w.air_celsius AS "air", w.humidity_percent AS "humidity", w.rain_millimetre_per_hour AS "rain, mm an hour"',
      ),
    },
    units.Celsius,
  )
    .overrideByName('air', [paint(COLOUR.vermillion)])
    .overrideByName('humidity', [
      paint(COLOUR.sky),
      { id: 'unit', value: units.Humidity },
      { id: 'custom.axisPlacement', value: AxisPlacement.Right },
    ])
    .overrideByName('rain, mm an hour', [
      paint(COLOUR.blue),
      { id: 'unit', value: units.Millimeter },
      { id: 'custom.axisPlacement', value: AxisPlacement.Hidden },
      { id: 'custom.fillOpacity', value: 40 },
    ])
    .height(7),
];

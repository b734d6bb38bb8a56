/** The weather along the line. */
import { AxisPlacement } from '@grafana/grafana-foundation-sdk/common';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { series } from '../house/panels.ts';
import { COLOUR, paint } from '../house/style.ts';
import { NO_WEATHER, weatherOfLine } from '../house/weather-sql.ts';

export const weather = () => [
  series(
    {
      title: 'Air temperature and wind',
      about: 'Warm air raises resistance, wind cools the conductor.',
      empty: NO_WEATHER,
      query: weatherOfLine('w.air_celsius AS "air", w.wind_metre_per_second AS "wind"'),
    },
    units.Celsius,
  )
    .overrideByName('air', [paint(COLOUR.vermillion)])
    .overrideByName('wind', [
      paint(COLOUR.blue),
      { id: 'unit', value: units.MetersPerSecond },
      { id: 'custom.axisPlacement', value: AxisPlacement.Right },
    ])
    .span(8),
  series(
    {
      title: 'Humidity and rain',
      about:
        'Wet insulators leak: leakage follows humidity over three orders of magnitude, and rain washes them.',
      empty: NO_WEATHER,
      query: weatherOfLine(
        'w.humidity_percent AS "humidity", w.rain_millimetre_per_hour AS "rain, mm an hour"',
      ),
    },
    units.Humidity,
  )
    .overrideByName('humidity', [paint(COLOUR.sky)])
    .overrideByName('rain, mm an hour', [
      paint(COLOUR.blue),
      { id: 'unit', value: units.Millimeter },
      { id: 'custom.axisPlacement', value: AxisPlacement.Right },
      { id: 'custom.fillOpacity', value: 40 },
      { id: 'min', value: 0 },
    ])
    .span(8),
];

/** Weather stations: one a line or so; what they see explains most of what a healthy impedance sensor does. */
import { decodeJsonReadings } from '../decode-json-readings.ts';
import type { Channel, SensorKind } from '../sensor.ts';

const channels: readonly Channel[] = [
  {
    name: 'airCelsius',
    column: 'air_celsius',
    unit: '°C',
    plausible: [-90, 70],
    description: 'Air temperature in the shade',
  },
  {
    name: 'humidityPercent',
    column: 'humidity_percent',
    unit: '%',
    // Capacitive hygrometers overshoot by a few percent in fog.
    plausible: [0, 105],
    description: 'Relative humidity',
  },
  {
    name: 'rainMillimetrePerHour',
    column: 'rain_millimetre_per_hour',
    unit: 'mm/h',
    // A cloudburst's worst minute reaches four digits.
    plausible: [0, 2_500],
    description: 'Rain rate since the reading before',
  },
  {
    name: 'windMetrePerSecond',
    column: 'wind_metre_per_second',
    unit: 'm/s',
    plausible: [0, 120],
    description: 'Mean wind speed at the station',
  },
  {
    name: 'solarWattPerSquareMetre',
    column: 'solar_watt_per_square_metre',
    unit: 'W/m²',
    // Pyranometers read a little below zero on clear nights; broken cloud reflects above the solar constant.
    plausible: [-20, 2_000],
    description: 'Global radiation on the level',
  },
];

export const weather: SensorKind = {
  kind: 'weather',
  table: 'weather_reading',
  summary: 'Air, humidity, rain, wind and sun at a station beside the line',
  channels,
  decode: (payload, origin) => decodeJsonReadings(weather, payload, origin),
};

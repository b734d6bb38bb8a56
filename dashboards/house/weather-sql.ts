/** The weather of a line, hour by hour, as its station measures it. */
import { chosen, sql, TIME_FROM, TIME_TO } from './sql.ts';

/** One station speaks for a line, the first by name, as it does for the model. */
export const weatherOfLine = (quantities: string) => sql`
  SELECT w.hour_at AS "time", ${quantities}
    FROM (SELECT sensor_id FROM sensor WHERE kind = 'weather' AND ${chosen('line_id', 'line')}
           ORDER BY sensor_id LIMIT 1) AS station
   CROSS JOIN LATERAL weather_hours(station.sensor_id, ${TIME_FROM}, ${TIME_TO}) AS w
   ORDER BY 1`;

export const NO_WEATHER =
  'No weather of this line in this range: without it the model can not tell weather from a defect.';

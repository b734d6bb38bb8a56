/** What the line carries: load warms the conductor and moves its resistance more than a defect does. */
import * as units from '@grafana/grafana-foundation-sdk/units';
import { series } from '../house/panels.ts';
import { chosen, sql, TIME_FROM, TIME_TO } from '../house/sql.ts';
import { COLOUR, paint } from '../house/style.ts';

/** A line carries one current, so a few of its sensors tell it. */
const SENSORS = 3;

export const load = () =>
  series(
    {
      title: 'Load',
      about: `Mean and highest current of each hour, as the first ${SENSORS} sensors of the line measure it.`,
      empty: 'No reading with a load in this range: look at Ingest health, or widen the range.',
      query: sql`
        SELECT h.hour_at AS "time", avg(h.load_ampere) AS "load", max(h.load_ampere_max) AS "highest of the hour"
          FROM (SELECT sensor_id FROM sensor WHERE kind = 'impedance' AND ${chosen('line_id', 'line')}
                 ORDER BY sensor_id LIMIT ${SENSORS}) AS few
         CROSS JOIN LATERAL impedance_hours(few.sensor_id, ${TIME_FROM}, ${TIME_TO}) AS h
         GROUP BY 1 ORDER BY 1`,
    },
    units.Ampere,
  )
    .overrideByName('load', [paint(COLOUR.blue)])
    .overrideByName('highest of the hour', [paint(COLOUR.sky)])
    .min(0)
    .span(8);

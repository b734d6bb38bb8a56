/** Sensors that are silent, stuck, or have a wrong clock. */
import * as units from '@grafana/grafana-foundation-sdk/units';
import { columns, inUnit, linked, wide, words } from '../house/columns.ts';
import { toTower } from '../house/links.ts';
import { table } from '../house/panels.ts';
import { chosen, sql, TIME_TO } from '../house/sql.ts';
import { COLOUR } from '../house/style.ts';

/** As many equal readings in a row, other than zero, as `spanwatch sensors` takes for stuck. */
const STUCK_READINGS = 20;

export const unheard = () =>
  columns(
    table({
      title: 'Sensors silent, stuck, or with a wrong clock',
      about: `Silent by their own rhythm; stuck when a quantity other than zero stayed equal for ${STUCK_READINGS} readings; ahead when the newest reading is from the future.`,
      empty: 'Every sensor reports as it should.',
      query: sql`
        SELECT CASE WHEN heard.state <> 'ok' THEN heard.state WHEN stuck.channels <> '' THEN 'stuck' ELSE 'clock ahead' END AS problem,
               heard.line_id AS line, heard.tower_id AS tower, heard.sensor_id AS sensor, heard.kind,
               heard.last_observed_at AS "last reading", heard.silent_seconds AS overdue, heard.interval_seconds AS rhythm,
               coalesce(stuck.channels, '') AS "stuck channels"
          FROM heard_sensors(${TIME_TO}) AS heard
          LEFT JOIN LATERAL (
            SELECT concat_ws(', ',
                     CASE WHEN count(resistance_ohm) = ${STUCK_READINGS} AND min(resistance_ohm) = max(resistance_ohm) AND min(resistance_ohm) <> 0 THEN 'resistance' END,
                     CASE WHEN count(reactance_ohm) = ${STUCK_READINGS} AND min(reactance_ohm) = max(reactance_ohm) AND min(reactance_ohm) <> 0 THEN 'reactance' END,
                     CASE WHEN count(leakage_milliampere) = ${STUCK_READINGS} AND min(leakage_milliampere) = max(leakage_milliampere) AND min(leakage_milliampere) <> 0 THEN 'leakage' END,
                     CASE WHEN count(load_ampere) = ${STUCK_READINGS} AND min(load_ampere) = max(load_ampere) AND min(load_ampere) <> 0 THEN 'load' END) AS channels
              FROM (SELECT * FROM impedance_reading r
                     WHERE r.sensor_id = heard.sensor_id AND r.observed_at <= ${TIME_TO}
                       AND r.observed_at > ${TIME_TO} - INTERVAL '1 day'
                     ORDER BY r.observed_at DESC LIMIT ${STUCK_READINGS}) AS newest
          ) AS stuck ON heard.kind = 'impedance' AND heard.state = 'ok'
         WHERE ${chosen('heard.line_id', 'line')}
           AND (heard.state <> 'ok' OR stuck.channels <> '' OR heard.last_observed_at > heard.last_received_at + INTERVAL '5 minutes')
         ORDER BY heard.state = 'ok', overdue DESC NULLS FIRST LIMIT 200`,
    }),
    words('problem', {
      silent: COLOUR.orange,
      'never heard': COLOUR.grey,
      stuck: COLOUR.yellow,
      'clock ahead': COLOUR.purple,
    }),
    wide('line', 60),
    wide('tower', 70),
    wide('last reading', 160),
    inUnit('overdue', units.Seconds, 1),
    inUnit('rhythm', units.Seconds, 0),
    linked('tower', toTower()),
  ).height(9);

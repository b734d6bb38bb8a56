/** Which versions serve, and what was measured when they were trained. */
import * as units from '@grafana/grafana-foundation-sdk/units';
import { columns, inUnit, wide, words } from '../house/columns.ts';
import { table } from '../house/panels.ts';
import { sql } from '../house/sql.ts';
import { COLOUR } from '../house/style.ts';

export const versions = () =>
  columns(
    table({
      title: 'Versions',
      about:
        'Measured on towers that the model had not seen. A Brier score not below that of chance, or an average precision not above it, means: believe nothing. Empty cells were not measured for that kind of model.',
      empty: 'No model is registered: start Spanwatch once, it registers those that ship.',
      query: sql`
        SELECT stage, model, version, registered_at AS "time",
               (manifest #>> '{metrics,towersNotSeen,brier}')::float8 AS brier,
               (manifest #>> '{metrics,towersNotSeen,brierOfChance}')::float8 AS "brier of chance",
               (manifest #>> '{metrics,towersNotSeen,averagePrecision}')::float8 AS "average precision",
               (manifest #>> '{metrics,towersNotSeen,averagePrecisionOfChance}')::float8 AS "of chance",
               (manifest #>> '{metrics,falseAlarmsInTimeNotSeen,upperBoundPerSensorYear}')::float8 AS "false alarms a sensor-year, at most"
          FROM model_version ORDER BY stage = 'retired', model, registered_at DESC LIMIT 100`,
    }),
    words('stage', { champion: COLOUR.green, registered: COLOUR.sky, retired: COLOUR.grey }),
    wide('time', 160),
    inUnit('brier', units.NoUnit, 3, 80),
    inUnit('brier of chance', units.NoUnit, 3, 120),
    inUnit('average precision', units.NoUnit, 2, 130),
    inUnit('of chance', units.NoUnit, 2, 90),
    inUnit('false alarms a sensor-year, at most', units.NoUnit, 1, 230),
  ).height(7);

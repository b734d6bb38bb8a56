/** Each quantity as measured, against what weather and load explain of a healthy sensor. */
import { ScaleDistribution, ScaleDistributionConfigBuilder } from '@grafana/grafana-foundation-sdk/common';
import type { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { series } from '../house/panels.ts';
import { PostgresQuery } from '../house/postgres-query.ts';
import { chosen, sql, timeFilter, timeSteps } from '../house/sql.ts';
import { COLOUR, paint } from '../house/style.ts';

const CHANNELS = [
  {
    column: 'resistance_ohm',
    title: 'Resistance',
    unit: units.Ohm,
    about: 'Rises with a failing joint or broken strands, and with temperature and load.',
  },
  {
    column: 'leakage_milliampere',
    title: 'Leakage current',
    unit: units.MilliAmpere,
    about: 'Rises with a broken or dirty insulator, and with wet air.',
  },
  {
    column: 'reactance_ohm',
    title: 'Reactance',
    unit: units.Ohm,
    about: 'Changes with sag and geometry, hardly with defects: when it moves too, suspect the sensor.',
  },
] as const;

export const measuredAgainstExpected = (): TimeSeries[] => CHANNELS.map(panelOf);

function panelOf({ column, title, unit, about }: (typeof CHANNELS)[number]): TimeSeries {
  const measured = sql`
    SELECT ${timeSteps('observed_at')}, avg(${column}) AS measured
      FROM impedance_reading WHERE ${timeFilter('observed_at')} AND ${chosen('sensor_id', 'sensor')}
     GROUP BY 1 ORDER BY 1`;
  const expected = sql`
    SELECT ${timeSteps('observed_at')}, avg((channel ->> 'lower')::float8) AS "normal from",
           avg((channel ->> 'expected')::float8) AS expected, avg((channel ->> 'upper')::float8) AS "normal to"
      FROM anomaly_score CROSS JOIN LATERAL jsonb_array_elements(channels) AS channel
     WHERE ${timeFilter('observed_at')} AND ${chosen('sensor_id', 'sensor')} AND channel ->> 'channel' = '${column}'
     GROUP BY 1 ORDER BY 1`;
  const panel = series(
    {
      title: `${title}, measured against expected`,
      about: `${about} The band holds 99 % of what a healthy sensor reads under this weather and load.`,
      empty: 'No reading of this sensor in this range: widen it, or look at Ingest health.',
      query: measured,
    },
    unit,
  )
    .withTarget(new PostgresQuery('time_series', expected, 'B'))
    .overrideByName('measured', [paint(COLOUR.vermillion), { id: 'custom.lineWidth', value: 2 }])
    .overrideByName('expected', [paint(COLOUR.blue), { id: 'custom.lineWidth', value: 1 }])
    .overrideByName('normal from', [
      paint(COLOUR.sky),
      { id: 'custom.lineWidth', value: 0 },
      { id: 'custom.hideFrom', value: { legend: true, tooltip: false, viz: false } },
    ])
    .overrideByName('normal to', [
      paint(COLOUR.sky),
      { id: 'custom.lineWidth', value: 0 },
      { id: 'custom.fillBelowTo', value: 'normal from' },
      { id: 'custom.fillOpacity', value: 25 },
    ])
    .span(column === 'resistance_ohm' ? 24 : 12)
    .height(column === 'resistance_ohm' ? 10 : 8);
  // Wet weather takes leakage through three powers of ten.
  return column === 'leakage_milliampere'
    ? panel.scaleDistribution(new ScaleDistributionConfigBuilder().type(ScaleDistribution.Log).log(10))
    : panel;
}

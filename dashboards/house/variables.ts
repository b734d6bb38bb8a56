/** What a viewer chooses on top of a board: data source, line, tower, sensor. */
import {
  ConstantVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { CHOSEN_DATA_SOURCE, DATA_SOURCE_NAME, DATA_SOURCE_TYPE, DATA_SOURCE_UID } from './data-source.ts';
import { chosen, sql } from './sql.ts';

export const dataSourceVariable = () =>
  new DatasourceVariableBuilder('datasource')
    .label('Data source')
    .type(DATA_SOURCE_TYPE)
    .current({ selected: true, text: DATA_SOURCE_NAME, value: DATA_SOURCE_UID });

/** @param apiUrl Spanwatch's HTTP door as the viewer's browser reaches it */
export const apiVariable = (apiUrl: string) =>
  new ConstantVariableBuilder('spanwatch').label('Spanwatch').value(apiUrl);

/** Several lines, all at first. */
export const linesVariable = () => lineQuery().multi(true).includeAll(true).current(ALL);

export const lineVariable = () => lineQuery();

export const towerVariable = () =>
  choice('tower', 'Tower', sql`SELECT tower_id FROM tower WHERE ${chosen('line_id', 'line')} ORDER BY 1`);

export const sensorVariable = () =>
  choice(
    'sensor',
    'Sensor',
    sql`
      SELECT sensor_id FROM sensor
       WHERE kind = 'impedance' AND ${chosen('line_id', 'line')} AND ${chosen('tower_id', 'tower')} ORDER BY 1`,
  );

const ALL = { selected: true, text: 'All', value: '$__all' };

const lineQuery = () =>
  choice('line', 'Line', sql`SELECT name AS __text, line_id AS __value FROM line ORDER BY 1`);

function choice(name: string, label: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(CHOSEN_DATA_SOURCE)
    .query(query)
    .refresh(VariableRefresh.OnDashboardLoad)
    .sort(VariableSort.NaturalAsc);
}

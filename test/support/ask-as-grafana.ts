/** Runs a query as Grafana's data source would: macros and variables filled in, as the role that can only read. */
import { expandMacros, type QueryContext } from '../../dashboards/macros/expand-macros.ts';
import { interpolateVariables, type ChosenValues } from '../../dashboards/macros/interpolate-variables.ts';
import type { ColumnType, QueryResult } from '../../dashboards/checks/check-result.ts';
import type { Database } from '../../src/platform/storage/database.ts';

/** Type numbers of PostgreSQL's catalogue, as far as Grafana shows them. */
const TYPES: Readonly<Record<number, ColumnType>> = {
  16: 'truth',
  19: 'text',
  20: 'number',
  21: 'number',
  23: 'number',
  25: 'text',
  700: 'number',
  701: 'number',
  1043: 'text',
  1082: 'time',
  1184: 'time',
  1700: 'number',
};

export async function askAsGrafana(
  database: Database,
  rawSql: string,
  values: ChosenValues,
  context: QueryContext,
): Promise<QueryResult> {
  const text = expandMacros(interpolateVariables(rawSql, values), context);
  return database.transaction(async (client) => {
    await client.query('SET LOCAL ROLE spanwatch_reader');
    const { rows, fields } = await client.query<Record<string, unknown>>(text);
    return {
      rows,
      columns: fields.map(({ name, dataTypeID }) => ({ name, type: TYPES[dataTypeID] ?? 'other' })),
    };
  });
}

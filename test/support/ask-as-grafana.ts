/** Runs a query as Grafana's data source would: macros and variables filled in, as the role that can only read. */
import { expandMacros, type QueryContext } from '../../dashboards/macros/expand-macros.ts';
import { interpolateVariables, type ChosenValues } from '../../dashboards/macros/interpolate-variables.ts';
import type { QueryResult } from '../../dashboards/checks/check-result.ts';
import { columnType } from '../../dashboards/checks/column-type.ts';
import type { Database } from '../../src/platform/storage/database.ts';

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
      columns: fields.map(({ name, dataTypeID }) => ({ name, type: columnType(dataTypeID) })),
    };
  });
}

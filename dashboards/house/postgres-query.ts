/** A query of Grafana's PostgreSQL data source, for which the SDK has no builder. */
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { DATA_SOURCE_TYPE, DATA_SOURCE_UID } from './data-source.ts';

/** `time_series` needs a column "time" and numbers; strings become labels. `table` shows columns as they are. */
export type ResultFormat = 'time_series' | 'table';

export interface PostgresModel {
  readonly refId: string;
  readonly datasource: { readonly type: string; readonly uid: string };
  readonly format: ResultFormat;
  readonly rawSql: string;
  readonly rawQuery: true;
  readonly editorMode: 'code';
}

export class PostgresQuery implements Builder<Dataquery> {
  constructor(
    private readonly format: ResultFormat,
    private readonly rawSql: string,
    private readonly refId = 'A',
    /** Alert rules name it; dashboards leave the choice to their variable. */
    private readonly dataSourceUid: string = '${datasource}',
  ) {}

  build(): Dataquery {
    const model: PostgresModel = {
      refId: this.refId,
      datasource: { type: DATA_SOURCE_TYPE, uid: this.dataSourceUid },
      format: this.format,
      rawSql: this.rawSql,
      rawQuery: true,
      editorMode: 'code',
    };
    return { ...model, _implementsDataqueryVariant: () => {} };
  }
}

/** A query that an alert rule evaluates: a table of one number and labels, from the provisioned data source. */
export const alertQuery = (rawSql: string) => new PostgresQuery('table', rawSql, 'A', DATA_SOURCE_UID);

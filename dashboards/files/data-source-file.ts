/** The database as Grafana's data source; its password comes from Grafana's environment and stands in no file. */
import { DATA_SOURCE_NAME, DATA_SOURCE_TYPE, DATA_SOURCE_UID } from '../house/data-source.ts';

/** Made by migration 0020. */
export const READER = 'spanwatch_reader';
/** Grafana reads it when it starts. */
export const PASSWORD_VARIABLE = 'SPANWATCH_READER_PASSWORD';

export interface DatabaseAddress {
  /** Host and port, as Grafana reaches them. */
  readonly host: string;
  readonly name: string;
  /** False on plain PostgreSQL, where time_bucket is not there. */
  readonly timescaledb: boolean;
}

export function dataSourceFile({ host, name, timescaledb }: DatabaseAddress) {
  return {
    apiVersion: 1,
    datasources: [
      {
        name: DATA_SOURCE_NAME,
        type: DATA_SOURCE_TYPE,
        uid: DATA_SOURCE_UID,
        access: 'proxy',
        url: host,
        user: READER,
        isDefault: false,
        editable: false,
        // Under jsonData: since Grafana 12.2 it is not found elsewhere.
        jsonData: {
          database: name,
          sslmode: 'disable',
          postgresVersion: 1500,
          timescaledb,
          maxOpenConns: 10,
          maxIdleConns: 2,
          connMaxLifetime: 14_400,
        },
        secureJsonData: { password: `$${PASSWORD_VARIABLE}` },
      },
    ],
  };
}

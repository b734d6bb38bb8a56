/** Names by which dashboards, rules and provisioning files mean the same database. */

/** Grafana 11 to 13 know the PostgreSQL plug-in by this. */
export const DATA_SOURCE_TYPE = 'grafana-postgresql-datasource';
export const DATA_SOURCE_UID = 'spanwatch-postgres';
export const DATA_SOURCE_NAME = 'Spanwatch';

export const FOLDER = 'Spanwatch';
export const FOLDER_UID = 'spanwatch';

/** What panels refer to: the variable of each dashboard. */
export const CHOSEN_DATA_SOURCE = { type: DATA_SOURCE_TYPE, uid: '${datasource}' };

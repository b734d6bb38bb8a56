/** PostgreSQL's types by their number in its catalogue, as far as Grafana can show them. */
import type { ColumnType } from './check-result.ts';

const TYPES: Readonly<Record<number, ColumnType>> = {
  16: 'truth', // boolean
  19: 'text', // name
  20: 'number', // bigint
  21: 'number', // smallint
  23: 'number', // integer
  25: 'text',
  700: 'number', // real
  701: 'number', // double precision
  1043: 'text', // varchar
  1184: 'time', // timestamptz
  1700: 'number', // numeric
};

export const columnType = (typeNumber: number): ColumnType => TYPES[typeNumber] ?? 'other';

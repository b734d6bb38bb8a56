/** Whether a query's result is what Grafana needs for the thing that shows it. */

export type ResultKind =
  'series' | 'figure' | 'bars' | 'places' | 'edges' | 'rows' | 'annotation' | 'variable' | 'alert';

export type ColumnType = 'time' | 'number' | 'text' | 'truth' | 'other';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

export interface QueryResult {
  readonly columns: readonly Column[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** @returns what is wrong, in words; nothing when all is well */
export function checkResult(kind: ResultKind, { columns, rows }: QueryResult): string[] {
  const problems: string[] = [];
  const names = columns.map(({ name }) => name);
  const ofType = (type: ColumnType) =>
    columns.filter((column) => column.type === type).map(({ name }) => name);
  const demand = (holds: boolean, problem: string) => {
    if (!holds) problems.push(problem);
  };
  demand(new Set(names).size === names.length, `two columns have one name: ${names.join(', ')}`);
  demand(
    ofType('other').length === 0,
    `Grafana can not show the type of the columns ${ofType('other').join(', ')}`,
  );
  switch (kind) {
    case 'series': {
      const [time] = columns;
      demand(
        time?.name === 'time' && (time.type === 'time' || time.type === 'number'),
        'the first column must be "time"',
      );
      demand(numbersBeside(columns, 'time') > 0, 'a series needs a column of numbers');
      demand(ofType('truth').length === 0, 'a series has no use for true and false');
      demand(isAscending(rows), 'rows must be in the order of time');
      break;
    }
    case 'figure':
      demand(ofType('number').length === 1 && columns.length === 1, 'a figure is one number');
      demand(rows.length <= 1, 'a figure is one row');
      break;
    case 'bars':
      demand(columns[0]?.type === 'text', 'bars need their names in the first column');
      demand(
        columns.length > 1 && columns.slice(1).every(({ type }) => type === 'number'),
        'bars are numbers',
      );
      break;
    case 'places':
      demand(
        ['latitude', 'longitude'].every((name) => ofType('number').includes(name)),
        'a place needs latitude and longitude',
      );
      demand(names.includes('id'), 'a place needs its id');
      break;
    case 'edges':
      demand(
        ['source', 'target'].every((name) => ofType('text').includes(name)),
        'an edge needs source and target',
      );
      break;
    case 'annotation':
      demand(ofType('time').includes('time'), 'an annotation needs its time');
      demand(ofType('text').includes('text'), 'an annotation needs its text');
      break;
    case 'variable':
      demand(ofType('text').length === columns.length && columns.length >= 1, 'a variable is made of texts');
      break;
    case 'alert':
      problems.push(...checkAlert({ columns, rows }));
      break;
    case 'rows':
      break;
  }
  return problems;
}

/** Grafana reads a table into alerts only like this: one number, and texts that tell the rows apart. */
function checkAlert({ columns, rows }: QueryResult): string[] {
  const numbers = columns.filter(({ type }) => type === 'number').map(({ name }) => name);
  const texts = columns.filter(({ type }) => type === 'text').map(({ name }) => name);
  const [value = ''] = numbers;
  const labels = rows.map((row) => JSON.stringify(texts.map((name) => row[name])));
  return [
    ...(numbers.length === 1
      ? []
      : [`an alert has one number, not ${numbers.length}: ${numbers.join(', ')}`]),
    ...(texts.length + numbers.length === columns.length ? [] : ['the other columns must be texts']),
    ...(new Set(labels).size === labels.length ? [] : ['two rows have the same labels']),
    ...(rows.every((row) => Number.isFinite(row[value])) ? [] : ['a row has no number']),
    ...(rows.every((row) => texts.every((name) => row[name] !== null && row[name] !== ''))
      ? []
      : ['a label is empty']),
    ...(rows.length > 0 ? [] : ['no row: quiet would look the same as well']),
  ];
}

const numbersBeside = (columns: readonly Column[], name: string) =>
  columns.filter((column) => column.type === 'number' && column.name !== name).length;

function isAscending(rows: QueryResult['rows']): boolean {
  return rows.every((row, index) => index === 0 || Number(rows[index - 1]?.time) <= Number(row.time));
}

/** Results that Grafana could not show, or would read wrongly, are named. */
import { describe, expect, it } from 'vitest';
import { checkResult, type ColumnType, type QueryResult, type ResultKind } from './check-result.ts';

const result = (columns: Record<string, ColumnType>, ...rows: Record<string, unknown>[]): QueryResult => ({
  columns: Object.entries(columns).map(([name, type]) => ({ name, type })),
  rows,
});

describe('a result', () => {
  it.each<[ResultKind, QueryResult]>([
    [
      'series',
      result({ time: 'time', metric: 'text', value: 'number' }, { time: 1, value: 1 }, { time: 2, value: 1 }),
    ],
    ['figure', result({ value: 'number' }, { value: 1 })],
    ['bars', result({ name: 'text', count: 'number' })],
    ['alert', result({ line: 'text', value: 'number' }, { line: 'a', value: 0 }, { line: 'b', value: 1 })],
  ])('is well for %s', (kind, each) => {
    expect(checkResult(kind, each)).toEqual([]);
  });

  it.each<[string, ResultKind, QueryResult, RegExp]>([
    [
      'a series without time',
      'series',
      result({ at: 'time', value: 'number' }),
      /first column must be "time"/,
    ],
    ['a series of words', 'series', result({ time: 'time', state: 'text' }), /needs a column of numbers/],
    [
      'a series out of order',
      'series',
      result({ time: 'time', value: 'number' }, { time: 2 }, { time: 1 }),
      /order of time/,
    ],
    ['a figure of two numbers', 'figure', result({ a: 'number', b: 'number' }), /one number/],
    ['bars without names', 'bars', result({ count: 'number', share: 'number' }), /names in the first column/],
    ['a place without longitude', 'places', result({ id: 'text', latitude: 'number' }), /longitude/],
    [
      'columns of one name',
      'rows',
      {
        columns: [
          { name: 'a', type: 'text' },
          { name: 'a', type: 'text' },
        ],
        rows: [],
      },
      /one name/,
    ],
    ['a column of JSON', 'rows', result({ data: 'other' }), /can not show/],
    [
      'an alert of two numbers',
      'alert',
      result({ id: 'number', value: 'number' }, { id: 1, value: 1 }),
      /one number, not 2/,
    ],
    [
      'an alert with a time',
      'alert',
      result({ time: 'time', value: 'number' }, { value: 1 }),
      /must be texts/,
    ],
    [
      'alerts with equal labels',
      'alert',
      result({ line: 'text', value: 'number' }, { line: 'a', value: 0 }, { line: 'a', value: 1 }),
      /same labels/,
    ],
    [
      'an alert that returns what is ill only',
      'alert',
      result({ line: 'text', value: 'number' }),
      /quiet would look/,
    ],
    [
      'an alert without number',
      'alert',
      result({ line: 'text', value: 'number' }, { line: 'a', value: null }),
      /no number/,
    ],
    [
      'an alert with an empty label',
      'alert',
      result({ line: 'text', value: 'number' }, { line: '', value: 1 }),
      /label is empty/,
    ],
  ])('is refused: %s', (_, kind, each, problem) => {
    expect(checkResult(kind, each).join('\n')).toMatch(problem);
  });
});

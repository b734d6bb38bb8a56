import { describe, expect, it } from 'vitest';
import { expandMacros } from './expand-macros.ts';
import { interpolateVariables } from './interpolate-variables.ts';

const context = {
  from: new Date('2018-04-12T18:00:00Z'),
  to: new Date('2018-04-12T18:05:00.500Z'),
  timescaledb: false,
  intervalMs: 60_000,
};
const FROM = 1_523_556_000;

describe('macros of the PostgreSQL data source', () => {
  it.each([
    ['$__time(t)', 't AS "time"'],
    ['$__timeEpoch(t)', 'extract(epoch from t) as "time"'],
    ['$__timeFilter(a.t)', `a.t BETWEEN '2018-04-12T18:00:00Z' AND '2018-04-12T18:05:00.500Z'`],
    ['$__timeFrom()', `'2018-04-12T18:00:00Z'`],
    ['$__timeTo()', `'2018-04-12T18:05:00.500Z'`],
    [`$__timeGroup(t, '5m')`, 'floor(extract(epoch from t)/300)*300'],
    [`$__timeGroup(t,'20ms')`, 'floor(extract(epoch from t)/0.02)*0.02'],
    [`$__timeGroupAlias(t, '1d')`, 'floor(extract(epoch from t)/86400)*86400 AS "time"'],
    ['$__timeGroupAlias(t, $__interval)', 'floor(extract(epoch from t)/60)*60 AS "time"'],
    ['$__unixEpochFilter(t)', `t >= ${FROM} AND t <= ${FROM + 300}`],
    ['$__unixEpochNanoFilter(t)', `t >= ${FROM}000000000 AND t <= ${FROM + 300}500000000`],
    ['$__unixEpochNanoFrom()', `${FROM}000000000`],
    ['$__unixEpochNanoTo()', `${FROM + 300}500000000`],
    [`$__unixEpochGroup(a+b,'5m')`, 'floor((a+b)/300)*300'],
    [`$__unixEpochGroupAlias(t,'1h')`, 'floor((t)/3600)*3600 AS "time"'],
    ['$__interval_ms', '60000'],
  ])('%s is %s', (macro, expanded) => {
    expect(expandMacros(`SELECT ${macro}`, context)).toBe(`SELECT ${expanded}`);
  });

  it('groups by time_bucket where the data source says TimescaleDB', () => {
    const timescale = { ...context, timescaledb: true };
    expect(expandMacros(`$__timeGroup(t,'5m')`, timescale)).toBe(`time_bucket('300.000s',t)`);
    expect(expandMacros(`$__timeGroupAlias(t,'20ms')`, timescale)).toBe(`time_bucket('0.020s',t) AS "time"`);
  });

  it.each([
    ['$__timeFilte(t)', 'has no macro $__timeFilte'],
    ['$__timeFilter()', 'lacks its argument 1'],
    [`$__timeGroup(t)`, 'lacks its argument 2'],
    [`$__timeGroup(t, '5 minutes')`, 'has the interval 5 minutes'],
  ])('%s is refused: %s', (macro, problem) => {
    expect(() => expandMacros(macro, context)).toThrow(problem);
  });
});

describe('variables', () => {
  it('become quoted lists, with quotes doubled', () => {
    expect(interpolateVariables('x IN (${line:sqlstring})', { line: ['L01', "O'Hara"] })).toBe(
      `x IN ('L01','O''Hara')`,
    );
  });

  it('are refused when they are not there, or would not be quoted', () => {
    expect(() => interpolateVariables('${lime:sqlstring}', { line: ['L01'] })).toThrow('no variable lime');
    expect(() => interpolateVariables('${line}', { line: ['L01', 'L02'] })).toThrow('must be written');
    expect(() => interpolateVariables('${line:raw}', { line: ['L01'] })).toThrow('must be written');
  });
});

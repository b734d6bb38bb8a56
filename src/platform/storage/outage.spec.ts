import { describe, expect, it } from 'vitest';
import { Unavailable } from '../../core/domain/failure.ts';
import { isConnectionLoss, isOutage, isOutOfResources } from './outage.ts';
import { isRefusedData } from './refused-data.ts';

const withCode = (code: string) => Object.assign(new Error('no'), { code });

describe('an error of the database', () => {
  it.each(['53100', '53200', '53300', '53400'])(
    '%s has no room: an outage, neither a lost connection nor refused data',
    (code) => {
      const error = withCode(code);
      expect([isOutOfResources(error), isOutage(error)]).toEqual([true, true]);
      expect([isConnectionLoss(error), isRefusedData(error)]).toEqual([false, false]);
    },
  );

  it.each(['08006', '57P01', '57P03', '25P03', 'ECONNRESET', 'ETIMEDOUT'])(
    '%s is a lost connection',
    (code) => {
      expect([isConnectionLoss(withCode(code)), isOutage(withCode(code))]).toEqual([true, true]);
    },
  );

  it.each(['57014', '55P03', '40P01', '25006', '58030'])('%s is an outage on a live connection', (code) => {
    expect([isConnectionLoss(withCode(code)), isOutage(withCode(code))]).toEqual([false, true]);
  });

  it.each(['22003', '23514'])('%s is refused data and no outage', (code) => {
    expect([isRefusedData(withCode(code)), isOutage(withCode(code))]).toEqual([true, false]);
  });

  it('that nobody foresaw is a defect', () => {
    expect(isOutage(withCode('42P01'))).toBe(false);
    expect(isOutage(new TypeError('x is not a function'))).toBe(false);
    expect(isOutage(new Unavailable('database-unreachable', 'The database went away.'))).toBe(true);
  });
});

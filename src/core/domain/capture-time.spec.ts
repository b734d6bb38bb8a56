import { describe, expect, it } from 'vitest';
import { captureTime, type CameraClock } from './capture-time.ts';

const SILENT: CameraClock = {
  utcAtExposure: null,
  local: null,
  subSeconds: null,
  offset: null,
  gpsDate: null,
  gpsTime: null,
  xmp: null,
};
const receivedAt = new Date('2026-08-01T00:00:00Z');
const read = (clock: Partial<CameraClock>, assumedOffsetMinutes = 0) =>
  captureTime({ ...SILENT, ...clock }, receivedAt, assumedOffsetMinutes);

describe('the time of a photograph', () => {
  it('is that of the exposure in UTC before all others', () => {
    const clock = { utcAtExposure: '2026-07-01T10:30:00.5', local: '2026:07:01 16:15:01', offset: '+05:30' };
    expect(read(clock)).toMatchObject({
      takenAt: new Date('2026-07-01T10:30:00.500Z'),
      source: 'utc-at-exposure',
      utcOffsetMinutes: 330,
    });
  });

  it('tells how far the clock is from UTC, to a quarter of an hour, where the camera does not say', () => {
    const clock = { gpsDate: '2026:07:01', gpsTime: [10, 30, 2], local: '2026:07:01 16:15:00' };
    expect(read(clock)).toMatchObject({ source: 'gps', utcOffsetMinutes: 345 });
    expect(read({ ...clock, local: '2019:01:01 00:00:00' })).toMatchObject({ utcOffsetMinutes: null });
  });

  it('is that of XMP where that has a zone, and of the clock in the zone that is assumed where nothing has', () => {
    const local = '2026:07:01 12:30:00';
    expect(read({ local, xmp: '2026-07-01T12:30:00+02:00' })).toMatchObject({
      takenAt: new Date('2026-07-01T10:30:00Z'),
      source: 'xmp-offset',
    });
    expect(read({ local, xmp: '2026-07-01T12:30:00' }, -240)).toMatchObject({
      takenAt: new Date('2026-07-01T16:30:00Z'),
      source: 'assumed-offset',
      utcOffsetMinutes: null,
    });
  });

  it('is taken from satellites where the clock was never set', () => {
    const clock = {
      local: '1970:01:01 00:00:09',
      offset: '+00:00',
      gpsDate: '2026:07:01',
      gpsTime: [10, 30, 0],
    };
    const { takenAt, source, warnings } = read(clock);
    expect([takenAt, source]).toEqual([new Date('2026-07-01T10:30:00Z'), 'gps']);
    expect(warnings[0]).toContain('1970-01-01T00:00:09');
  });

  it.each([
    ['1970:01:01 00:00:00'],
    ['2090:01:01 00:00:00'],
    ['0000:00:00 00:00:00'],
    ['2026:13:41 99:99:99'],
    ['    :  :     :  :  '],
    ['yesterday'],
  ])('is not known of a clock that says %j', (local) => {
    expect(read({ local })).toMatchObject({ takenAt: null, source: null });
  });
});

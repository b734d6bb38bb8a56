import { describe, expect, it } from 'vitest';
import { maskPassword, readSettings, reportSettings, retentionDays } from './settings.ts';

describe('settings', () => {
  it('need nothing from the environment', () => {
    expect(readSettings({}, {})).toMatchObject({
      PORT: 3000,
      ROLES: ['api', 'ingest', 'worker'],
      TFJS_BACKEND: 'auto',
    });
  });

  it('report every problem at once', () => {
    const environment = { PORT: 'eighty', MQTT_URL: 'localhost', ROLES: 'api,clerk', TFJS_BACKEND: 'cuda' };
    expect(() => readSettings({}, environment)).toThrow(
      /PORT=eighty.*MQTT_URL=localhost|MQTT_URL=localhost.*PORT=eighty/s,
    );
    expect(() => readSettings({}, environment)).toThrow(
      /must be a comma-separated list of api, ingest, worker/,
    );
    expect(() => readSettings({}, environment)).toThrow(/TFJS_BACKEND=cuda/);
  });

  it('take an empty variable for one that is not set', () => {
    expect(readSettings({}, { DATABASE_URL: '', PORT: '' })).toMatchObject({
      DATABASE_URL: undefined,
      PORT: 3000,
    });
  });

  it('let the command line win and say so', () => {
    const settings = readSettings({ ROLES: 'worker' }, { ROLES: 'api' });
    expect(settings.ROLES).toEqual(['worker']);
    const report = reportSettings(settings, { ROLES: 'worker' }, { ROLES: 'api' });
    expect(report.find(({ name }) => name === 'ROLES')?.source).toBe('command line');
  });

  it('take a Sparkplug host id that can stand in a topic', () => {
    expect(readSettings({}, { SPARKPLUG_HOST_ID: 'spanwatch 1' }).SPARKPLUG_HOST_ID).toBe('spanwatch 1');
    expect(() => readSettings({}, { SPARKPLUG_HOST_ID: 'a/b' })).toThrow(
      /SPARKPLUG_HOST_ID=a\/b: must not have/,
    );
    expect(() => readSettings({}, { SPARKPLUG_REORDER_MS: '-1' })).toThrow(/SPARKPLUG_REORDER_MS=-1/);
  });

  it('keep readings no shorter than brokers keep messages, and rollups no shorter than readings', () => {
    const read = (READING_RETENTION_DAYS: string, ROLLUP_RETENTION_DAYS: string) =>
      readSettings({}, { READING_RETENTION_DAYS, ROLLUP_RETENTION_DAYS });
    expect(retentionDays(read('', ''))).toEqual({ readings: null, rollups: null });
    expect(retentionDays(read('30', '30'))).toEqual({ readings: 30, rollups: 30 });
    expect(() => read('6', '')).toThrow(/READING_RETENTION_DAYS=6/);
    expect(() => read('30', '29')).toThrow(/must be at least READING_RETENTION_DAYS, which is 30/);
    expect(() => read('', '90')).toThrow(/must be at least READING_RETENTION_DAYS, which is not set/);
  });

  it('never show a password', () => {
    expect(maskPassword('postgresql://grid:secret@db:5432/x')).toBe('postgresql://grid:***@db:5432/x');
    const settings = readSettings(
      {},
      { DATABASE_URL: 'postgresql://grid:secret@db/x', MQTT_BROKER_LOGIN: 'grid:secret' },
    );
    expect(JSON.stringify(reportSettings(settings, {}, {}))).not.toContain('secret');
  });
});

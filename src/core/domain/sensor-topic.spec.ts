import { describe, expect, it } from 'vitest';
import { formatSensorTopic, parseSensorTopic } from './sensor-topic.ts';

const place = { lineId: 'north', towerId: 'T-7', sensorId: 'imp_7', kind: 'impedance' };
const topic = 'spanwatch/v1/north/T-7/imp_7/impedance';

describe('sensor topic', () => {
  it('is read into the place of the sensor and written back the same', () => {
    expect(parseSensorTopic(topic)).toEqual(place);
    expect(formatSensorTopic(place)).toBe(topic);
  });

  it('takes segments of 64 characters and no longer', () => {
    const id = 'a'.repeat(64);
    expect(parseSensorTopic(`spanwatch/v1/${id}/t/s/weather`).lineId).toBe(id);
    expect(() => parseSensorTopic(`spanwatch/v1/${id}a/t/s/weather`)).toThrow('1 to 64');
  });

  it.each([
    'spanwatch/v1/north/T-7/imp_7',
    'spanwatch/v1/north/T-7/imp_7/impedance/extra',
    'spanwatch/v2/north/T-7/imp_7/impedance',
    'Spanwatch/v1/north/T-7/imp_7/impedance',
    'spanwatch/v1/north//imp_7/impedance',
    'spanwatch/v1/north/T 7/imp_7/impedance',
    'spanwatch/v1/north/T-7/imp_7/impédance',
    'spanwatch/v1/north/T-7/imp_7/impedance\n',
    '',
  ])('refuses %j', (wrong) => {
    expect(() => parseSensorTopic(wrong)).toThrow(/must be spanwatch\/v1/);
  });

  it('is not written from a part that holds a slash or a wildcard', () => {
    expect(() => formatSensorTopic({ ...place, towerId: 'T/7' })).toThrow('must be spanwatch/v1');
    expect(() => formatSensorTopic({ ...place, sensorId: '+' })).toThrow('must be spanwatch/v1');
  });
});

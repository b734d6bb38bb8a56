/** What every sensor kind must keep: its test cases, its table and its README say the same as its channels. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findSensorKind, sensors } from '../../src/catalogue/sensors/sensors.ts';
import { projectRoot } from '../../src/platform/project-root.ts';
import { isTopicSegment } from '../../src/core/domain/sensor-topic.ts';
import { withTestDatabase } from '../support/test-database.ts';

/** When the messages of the test cases are received, and by which sensor they are sent. */
const origin = {
  lineId: 'line-1',
  towerId: 'tower-1',
  sensorId: 'sensor-1',
  receivedAt: new Date('2026-11-23T12:00:00.000Z'),
};

const catalogue = path.join(projectRoot, 'src/catalogue/sensors');

describe.each(sensors)('sensor kind $kind', (sensor) => {
  const { database } = withTestDatabase();
  const folder = path.join(catalogue, sensor.kind);
  const testcases = path.join(folder, 'testcases');
  const files = readdirSync(testcases);
  const inputs = files.filter((file) => file.includes('.input.'));

  it('can be found by its name, which can stand in a topic', () => {
    expect(findSensorKind(sensor.kind)).toBe(sensor);
    expect(isTopicSegment(sensor.kind)).toBe(true);
  });

  it('has a test case that is stored and one that is rejected, and no file without its input', () => {
    const names = new Set(inputs.map((file) => file.split('.')[0]));
    const outcomes = files.filter((file) => !inputs.includes(file));
    expect(outcomes.some((file) => file.endsWith('.expected.json'))).toBe(true);
    expect(outcomes.some((file) => file.endsWith('.error.txt'))).toBe(true);
    expect(outcomes.filter((file) => !names.has(file.split('.')[0]))).toEqual([]);
    expect([...names].filter((name) => !outcomes.some((file) => file.startsWith(`${name}.`)))).toEqual([]);
  });

  it.each(inputs)('decodes %s as its test case says', (input) => {
    const name = input.split('.')[0];
    const read = (end: string) =>
      files.includes(`${name}${end}`) ? readFileSync(path.join(testcases, `${name}${end}`), 'utf8') : null;
    const { readings, rejections } = sensor.decode(readFileSync(path.join(testcases, input)), origin);
    const stored = readings.map(({ observedAt, values }) => ({
      observedAt: observedAt.toISOString(),
      values,
    }));
    expect(stored).toEqual(JSON.parse(read('.expected.json') ?? '[]'));
    expect(rejections.map(({ reason }) => `${reason}\n`).join('')).toBe(read('.error.txt') ?? '');
    expect(readings.every(({ sensorId, kind }) => sensorId === 'sensor-1' && kind === sensor.kind)).toBe(
      true,
    );
  });

  it('has a table whose columns are its channels, in double precision and nullable', async () => {
    const { rows } = await database().query<{ name: string; type: string; nullable: string }>(
      `SELECT column_name AS name, data_type AS type, is_nullable AS nullable
         FROM information_schema.columns WHERE table_name = $1 ORDER BY ordinal_position`,
      [sensor.table],
    );
    expect(rows).toEqual([
      { name: 'sensor_id', type: 'text', nullable: 'NO' },
      { name: 'observed_at', type: 'timestamp with time zone', nullable: 'NO' },
      { name: 'received_at', type: 'timestamp with time zone', nullable: 'NO' },
      ...sensor.channels.map(({ column }) => ({ name: column, type: 'double precision', nullable: 'YES' })),
    ]);
  });

  it('names channels and columns alike, each once', () => {
    for (const { name, column, plausible } of sensor.channels) {
      expect(name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)).toBe(column);
      expect(plausible[0]).toBeLessThan(plausible[1]);
    }
    expect(new Set(sensor.channels.map(({ name }) => name)).size).toBe(sensor.channels.length);
  });

  it('takes the limits of the plausible and nothing beyond', () => {
    for (const { name, plausible } of sensor.channels) {
      const decode = (value: number) =>
        sensor.decode(
          Buffer.from(JSON.stringify({ observedAt: '2026-11-23T10:00:00Z', [name]: value })),
          origin,
        );
      const [lowest, highest] = plausible;
      expect(decode(lowest).readings[0]?.values[name]).toBe(lowest);
      expect(decode(highest).readings[0]?.values[name]).toBe(highest);
      expect(decode(lowest - 0.001).rejections[0]?.reason).toContain(name);
      expect(decode(highest + 0.001).rejections[0]?.reason).toContain(name);
    }
  });

  it('takes readings that repeat the identity of their topic, and none that contradicts it', () => {
    const [channel] = sensor.channels;
    const decode = (identity: object) => {
      const reading = {
        observedAt: '2026-11-23T10:00:00Z',
        [channel!.name]: channel!.plausible[0],
        ...identity,
      };
      return sensor.decode(Buffer.from(JSON.stringify([reading])), origin);
    };
    const { lineId, towerId, sensorId } = origin;
    expect(decode({ lineId, towerId, sensorId }).rejections).toEqual([]);
    expect(decode({ sensorId: null }).readings.length).toBe(1);
    for (const wrong of [{ sensorId: 'sensor-2' }, { lineId: 'line-2' }, { towerId: '' }, { sensorId: {} }]) {
      const { readings, rejections } = decode(wrong);
      expect(readings).toEqual([]);
      expect(rejections.map(({ code }) => code)).toEqual(['identity-mismatch']);
    }
    expect(decode({ sensorId: 'sensor-2' }).rejections[0]?.reason).toBe(
      'Reading 1 of 1: sensorId is "sensor-2", but must be "sensor-1", as the topic says, or absent.',
    );
  });

  it('has a README that tells topic, table and every channel as they are', () => {
    const readme = readFileSync(path.join(folder, 'README.md'), 'utf8').replace(/ +/g, ' ');
    expect(readme).toContain(`spanwatch/v1/{line}/{tower}/{sensor}/${sensor.kind}`);
    expect(readme).toContain(`\`${sensor.table}\``);
    for (const { name, column, unit, plausible, description } of sensor.channels) {
      expect(readme).toContain(
        `| \`${name}\` | \`${column}\` | ${unit} | ${plausible[0]} to ${plausible[1]} | ${description} |`,
      );
    }
  });

  it('never throws on rubbish', () => {
    const rubbish = [
      Buffer.from([0xff, 0xfe, 0x00]),
      Buffer.from('{'),
      Buffer.from('null'),
      Buffer.from('[[[]]]'),
      Buffer.from('{"observedAt":{},"__proto__":1}'),
      Buffer.from('['.repeat(100_000)),
      Buffer.from(`"${'x'.repeat(100_000)}"`),
    ];
    for (const payload of rubbish) {
      const { readings, rejections } = sensor.decode(payload, origin);
      expect(readings).toEqual([]);
      expect(rejections.length).toBeGreaterThan(0);
      expect(rejections[0]?.reason.length).toBeLessThan(600);
    }
  });
});

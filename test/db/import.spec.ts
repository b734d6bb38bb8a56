import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reading } from '../../src/core/domain/reading.ts';
import { importAssets, registerAssets } from '../../src/features/ingest/import-assets.ts';
import { importTelemetry } from '../../src/features/ingest/import-telemetry.ts';
import { withTestDatabase } from '../support/test-database.ts';

const { database } = withTestDatabase();
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-import-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, lines: readonly string[]): Promise<string> {
  const written = path.join(folder, name);
  await writeFile(written, lines.join('\n'));
  return written;
}

async function count(table: string, sensor: string): Promise<number> {
  const { rows } = await database().query<{ count: number }>(
    `SELECT count(*)::int FROM ${table} WHERE sensor_id = $1`,
    [sensor],
  );
  return rows[0]!.count;
}

describe('import of assets', () => {
  const header = 'line_id,tower_id,latitude_deg,longitude_deg,sensor_id,kind';

  it('registers what is good, lists what is not with line and column, and may be repeated', async () => {
    const assets = await file('assets.csv', [
      header,
      'north,T-1,46.5,8.25,imp-1,impedance',
      'north,T-1,46.5,8.25,sky-1,weather',
      'north,T-2,,,imp-2,impedance',
      '',
      'north,T 3,46.5,8.25,imp-3,impedance',
      'north,T-4,91,8.25,imp-4,impedance',
      'north,T-5,46.5,,imp-5,impedance',
      'north,T-6,46.5,8.25,imp-6,thermal',
      'north,T-7,46.5,8.25,imp-7',
      'north,T-2,46.5,8.25,imp-1,impedance',
    ]);
    const report = await importAssets(database(), assets);
    expect(report).toMatchObject({ rows: 9, lines: 1, towers: 2, sensors: 3, rejected: 6 });
    expect(report.problems.map(({ line, column }) => `${line} ${column}`)).toEqual([
      '6 tower_id',
      '7 latitude_deg',
      '8 latitude_deg',
      '9 kind',
      '10 null',
      '11 sensor_id',
    ]);
    expect(report.problems.at(-1)?.reason).toBe("the sensor 'imp-1' is registered as north/T-1 impedance");
    expect(await importAssets(database(), assets)).toEqual(report);
    const { rows } = await database().query(
      'SELECT tower_id AS tower, latitude_deg AS lat FROM tower ORDER BY tower_id',
    );
    expect(rows).toEqual([
      { tower: 'T-1', lat: 46.5 },
      { tower: 'T-2', lat: null },
    ]);
  });

  it('says what is wrong with a file that is no such table', async () => {
    const other = await file('other.csv', ['line_id,tower_id,sensor_id', 'a,b,c']);
    await expect(importAssets(database(), other)).rejects.toThrow(
      'but must also have latitude_deg, longitude_deg, kind.',
    );
    await expect(importAssets(database(), await file('none.csv', []))).rejects.toThrow('none.csv is empty');
    await expect(importAssets(database(), path.join(folder, 'gone.csv'))).rejects.toThrow(
      "gone.csv can't be read: there is no such file.",
    );
    await expect(importAssets(database(), folder)).rejects.toThrow('it is a folder');
  });
});

describe('import of telemetry', () => {
  beforeAll(async () => {
    const tower = { lineId: 'south', towerId: 'T-1', latitudeDeg: null, longitudeDeg: null };
    await registerAssets(database(), [
      { ...tower, sensorId: 'imp', kind: 'impedance' },
      { ...tower, sensorId: 'sky', kind: 'weather' },
      { ...tower, sensorId: 'many', kind: 'impedance' },
    ]);
  });

  it('stores each row by the kind of its sensor, skips empty ones, and lists bad ones with line and column', async () => {
    const telemetry = await file('telemetry.csv', [
      'observed_at,sensor_id,resistance_ohm,load_ampere,air_celsius,remark',
      '2026-01-01T00:00:00Z,imp,0.02,412,-3.5,"quoted,',
      'over two lines"',
      '2026-01-01T00:00:00Z,sky,0.02,412,-3.5,',
      '2026-01-01T00:10:00Z,imp,,,-3.5,silent',
      '2026-01-01T00:10:00Z,imp,NaN,412,,',
      '2026-01-01T00:10:00,imp,0.02,412,,',
      '2026-01-01T00:20:00Z,imp,0.02,-1,,',
      '2026-01-01T00:30:00Z,who,0.02,412,,',
      '2026-01-01T00:40:00Z,imp,0.02',
      '2026-01-01T00:50:00+01:00,imp,+2.0e-2,.5,,',
    ]);
    const report = await importTelemetry(database(), telemetry);
    expect(report).toMatchObject({ rows: 9, stored: 3, duplicates: 0, empty: 1, rejected: 5 });
    expect(report.problems.map(({ line, column }) => `${line} ${column}`)).toEqual([
      '6 resistance_ohm',
      '7 observed_at',
      '8 load_ampere',
      '9 sensor_id',
      '10 null',
    ]);
    expect(report.problems[0]?.reason).toBe(
      'resistanceOhm is "NaN", but must be a number from 0 to 1000 Ω, or null when not measured',
    );
    const { rows } = await database().query(
      "SELECT observed_at, resistance_ohm, load_ampere FROM impedance_reading WHERE sensor_id = 'imp' ORDER BY observed_at",
    );
    expect(rows).toEqual([
      { observed_at: new Date('2025-12-31T23:50:00Z'), resistance_ohm: 0.02, load_ampere: 0.5 },
      { observed_at: new Date('2026-01-01T00:00:00Z'), resistance_ohm: 0.02, load_ampere: 412 },
    ]);
    expect(await count('weather_reading', 'sky')).toBe(1);
  });

  it('goes on where it was when it is run again, and tells the right line far into a file', async () => {
    const rows = Array.from(
      { length: 20_000 },
      (_, minute) => `${new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString()},many,${minute / 1e6}`,
    );
    const half = await file('half.csv', ['observed_at,sensor_id,resistance_ohm', ...rows.slice(0, 12_345)]);
    expect((await importTelemetry(database(), half)).stored).toBe(12_345);
    rows[15_000] = '2026-01-01T00:00:00Z,many,x';
    const whole = await file('whole.csv', ['observed_at,sensor_id,resistance_ohm', ...rows]);
    const told: number[] = [];
    const report = await importTelemetry(database(), whole, ({ done, total }) => told.push(done / total));
    expect(report).toMatchObject({ rows: 20_000, stored: 7_654, duplicates: 12_345, rejected: 1 });
    expect(report.problems[0]).toMatchObject({ line: 15_002, column: 'resistance_ohm' });
    expect(told.at(-1)).toBe(1);
    expect(await count('impedance_reading', 'many')).toBe(19_999);
  });

  it('keeps what came before a fault in the file or its source', async () => {
    const broken = await file('broken.csv', [
      'observed_at,sensor_id,air_celsius',
      '2026-02-01T00:00:00Z,sky,1',
      '2026-02-01T00:10:00Z,sky,"2',
    ]);
    await expect(importTelemetry(database(), broken)).rejects.toThrow('broken.csv is not proper CSV');
    expect(await count('weather_reading', 'sky')).toBe(2);
    function* source(): Generator<Reading> {
      for (let minute = 0; minute < 6_000; minute++) {
        const observedAt = new Date(Date.UTC(2026, 2, 1, 0, minute));
        yield { sensorId: 'sky', kind: 'weather', observedAt, values: { airCelsius: 1 } };
      }
      throw new Error('interrupted');
    }
    await expect(importTelemetry(database(), source())).rejects.toThrow('interrupted');
    expect(await count('weather_reading', 'sky')).toBe(6_002);
  });

  it('takes readings from a simulation, and refuses those of sensors that are not there or of another kind', async () => {
    async function* source(): AsyncGenerator<Reading> {
      const reading = { observedAt: new Date('2026-04-01T00:00:00Z'), values: { airCelsius: 1 } };
      yield { ...reading, sensorId: 'sky', kind: 'weather' };
      yield { ...reading, sensorId: 'imp', kind: 'weather' };
      await Promise.resolve();
      yield { ...reading, sensorId: 'who', kind: 'weather' };
    }
    const report = await importTelemetry(database(), source());
    expect(report).toMatchObject({ rows: 3, stored: 1, rejected: 2 });
    expect(report.problems.map(({ reason }) => reason)).toEqual([
      "the sensor 'imp' is of kind impedance, not weather",
      "the sensor 'who' is not registered",
    ]);
  });

  it('takes NDJSON as sensors send it or with the columns of CSV, and lists bad lines', async () => {
    const lines = [
      '\uFEFF{"sensorId":"imp","observedAt":"2026-05-01T00:00:00Z","resistanceOhm":0.02,"loadAmpere":412,"battery":3}',
      '{"sensor_id":"imp","observed_at":"2026-05-01T00:10:00+01:00","resistance_ohm":null,"load_ampere":5e-1}\r',
      '',
      '{"sensorId":"sky","observedAt":"2026-05-01T00:00:00Z","airCelsius":-3.5,"loadAmpere":1}',
      '{"sensorId":"imp","observedAt":"2026-05-01T00:20:00Z","airCelsius":1}',
      '{"sensorId":"imp","observedAt":"2026-05-01T00:20:00Z","loadAmpere":"412"}',
      '{"sensorId":"imp","observedAt":"2026-05-01","loadAmpere":412}',
      '{"sensorId":"who","observedAt":"2026-05-01T00:20:00Z","loadAmpere":412}',
      '{"observedAt":"2026-05-01T00:20:00Z","loadAmpere":412}',
      '{"sensorId":"imp","observedAt"',
      '[1]',
      '{"sensorId":"imp","observedAt":"2026-05-01T00:30:00Z","loadAmpere":413}',
    ];
    const ndjson = await file('telemetry.ndjson', lines);
    const report = await importTelemetry(database(), ndjson);
    expect(report).toMatchObject({ rows: 11, stored: 4, duplicates: 0, empty: 1, rejected: 6 });
    expect(report.problems.map(({ line, column }) => `${line} ${column}`)).toEqual([
      '6 load_ampere',
      '7 observed_at',
      '8 sensor_id',
      '9 sensor_id',
      '10 null',
      '11 null',
    ]);
    const { rows } = await database().query(
      "SELECT observed_at, resistance_ohm, load_ampere FROM impedance_reading WHERE sensor_id = 'imp' AND observed_at > '2026-04-15' ORDER BY observed_at",
    );
    expect(rows).toEqual([
      { observed_at: new Date('2026-04-30T23:10:00Z'), resistance_ohm: null, load_ampere: 0.5 },
      { observed_at: new Date('2026-05-01T00:00:00Z'), resistance_ohm: 0.02, load_ampere: 412 },
      { observed_at: new Date('2026-05-01T00:30:00Z'), resistance_ohm: null, load_ampere: 413 },
    ]);
    expect(await importTelemetry(database(), ndjson)).toMatchObject({
      stored: 0,
      duplicates: 4,
      rejected: 6,
    });
  });

  it('tells the right line far into an NDJSON file, and gives up on one without line breaks', async () => {
    const line = (minute: number) =>
      JSON.stringify({
        sensorId: 'many',
        observedAt: new Date(Date.UTC(2025, 0, 1, 0, minute)),
        loadAmpere: 1,
      });
    const rows = Array.from({ length: 30_000 }, (_, minute) => line(minute));
    rows[25_000] = 'x';
    const told: number[] = [];
    const report = await importTelemetry(database(), await file('many.jsonl', rows), ({ done, total }) =>
      told.push(done / total),
    );
    expect(report).toMatchObject({ rows: 30_000, stored: 29_999, rejected: 1 });
    expect(report.problems[0]?.line).toBe(25_001);
    expect(told.length).toBeGreaterThan(2);
    expect(told.at(-1)).toBe(1);
    const endless = await file('endless.ndjson', [line(-1), '['.repeat(3_000_000)]);
    await expect(importTelemetry(database(), endless)).rejects.toThrow('line 2 is longer than');
    expect(await count('impedance_reading', 'many')).toBe(19_999 + 30_000);
    await expect(importTelemetry(database(), await file('none.ndjson', []))).rejects.toThrow('is empty');
    const gone = path.join(folder, 'gone.ndjson');
    await expect(importTelemetry(database(), gone)).rejects.toThrow('there is no such file');
  });

  it('refuses a file without time, sensor or any quantity', async () => {
    const noTime = await file('no-time.csv', ['sensor_id,load_ampere', 'imp,1']);
    await expect(importTelemetry(database(), noTime)).rejects.toThrow('must also have observed_at');
    const nothing = await file('nothing.csv', ['observed_at,sensor_id', '2026-01-01T00:00:00Z,imp']);
    await expect(importTelemetry(database(), nothing)).rejects.toThrow('at least one of resistance_ohm');
    const twice = await file('twice.csv', ['observed_at,sensor_id,load_ampere,load_ampere']);
    await expect(importTelemetry(database(), twice)).rejects.toThrow("'load_ampere' twice");
  });
});

/** What is exported comes back by import as it was, whatever the form of the file. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { impedance } from '../../src/catalogue/sensors/impedance/impedance.ts';
import { weather } from '../../src/catalogue/sensors/weather/weather.ts';
import { exportCommand } from '../../src/cli/export.ts';
import type { Reading } from '../../src/core/domain/reading.ts';
import { createRandom } from '../../src/core/statistics/random.ts';
import { exportTelemetry } from '../../src/features/ingest/export-telemetry.ts';
import { registerAssets } from '../../src/features/ingest/import-assets.ts';
import { importTelemetry } from '../../src/features/ingest/import-telemetry.ts';
import { ReadingStore } from '../../src/platform/storage/reading-store.ts';
import type { ReadingRange } from '../../src/platform/storage/stream-readings.ts';
import { withTestDatabase } from '../support/test-database.ts';

const { database, url } = withTestDatabase();
const whole: ReadingRange = { sensorId: null, from: null, to: null };
const T0 = Date.UTC(2026, 0, 1);
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-export-'));
  const place = { lineId: 'L', towerId: 'T', latitudeDeg: null, longitudeDeg: null };
  await registerAssets(database(), [
    { ...place, sensorId: 'imp', kind: 'impedance' },
    { ...place, sensorId: 'NULL', kind: 'impedance' },
    { ...place, sensorId: 'sky', kind: 'weather' },
  ]);
  const store = new ReadingStore(database());
  await store.commit((_, put) => put(impedance, [...drawReadings('imp'), ...drawReadings('NULL')]));
  const sky = { sensorId: 'sky', kind: 'weather', observedAt: new Date(T0), values: { airCelsius: -3.5 } };
  await store.commit((_, put) => put(weather, [sky]));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Every digit counts, times are odd milliseconds, and some quantities are missing. */
function drawReadings(sensorId: string): Reading[] {
  const random = createRandom(`export/${sensorId}`);
  return Array.from({ length: 6_000 }, (_, index) => ({
    sensorId,
    kind: 'impedance',
    observedAt: new Date(T0 + index * 600_007),
    values: {
      resistanceOhm: index % 7 ? Math.abs(random.normal()) / 3 : null,
      reactanceOhm: -random.uniform() * 10 ** -(index % 30),
      leakageMilliampere: index % 11 ? 0 : null,
      loadAmpere: index % 2 ? 10_000 : 1e-300,
    },
  }));
}

const stored = async (table: string) => {
  const { rows } = await database().query<Record<string, unknown>>(
    `SELECT * FROM ${table} ORDER BY sensor_id, observed_at`,
  );
  return rows.map(({ received_at: _, ...row }) => row);
};

async function toText(form: 'csv' | 'ndjson', range = whole, sensor = impedance): Promise<string> {
  const parts: string[] = [];
  await exportTelemetry(database(), { sensor, range, form }, (text) => {
    parts.push(text);
    return Promise.resolve();
  });
  // A header and 12,000 readings in batches: never all at once.
  if (range === whole && sensor === impedance) expect(parts.length).toBeGreaterThanOrEqual(3);
  return parts.join('');
}

describe('an export of readings', () => {
  it.each(['csv', 'ndjson'] as const)('comes back from %s value by value', async (form) => {
    const before = await stored('impedance_reading');
    expect(before.length).toBe(12_000);
    const file = path.join(folder, `back.${form}`);
    await writeFile(file, await toText(form));
    await database().query("DELETE FROM impedance_reading WHERE sensor_id = 'imp'");
    const report = await importTelemetry(database(), file);
    expect(report).toMatchObject({ rows: 12_000, stored: 6_000, duplicates: 6_000, empty: 0, rejected: 0 });
    expect(await stored('impedance_reading')).toEqual(before);
  });

  it('has what is in the range and nothing else, from the first instant to before the last', async () => {
    const range = { sensorId: 'imp', from: new Date(T0 + 600_007), to: new Date(T0 + 3 * 600_007) };
    const lines = (await toText('ndjson', range)).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { observedAt: string }).observedAt)).toEqual([
      '2026-01-01T00:10:00.007Z',
      '2026-01-01T00:20:00.014Z',
    ]);
  });

  it('writes what was not measured as an empty cell, or not at all', async () => {
    const text = await toText('csv', whole, weather);
    expect(text).toBe(
      'observed_at,sensor_id,air_celsius,humidity_percent,rain_millimetre_per_hour,wind_metre_per_second,solar_watt_per_square_metre\n' +
        '2026-01-01T00:00:00.000Z,sky,-3.5,,,,\n',
    );
    expect(await toText('ndjson', whole, weather)).toBe(
      '{"sensorId":"sky","observedAt":"2026-01-01T00:00:00.000Z","airCelsius":-3.5}\n',
    );
  });
});

describe('spanwatch export telemetry', () => {
  const run = async (...words: string[]) => {
    vi.stubEnv('DATABASE_URL', url());
    const print = vi.spyOn(process.stdout, 'write').mockImplementation((_, done: unknown) => {
      if (typeof done === 'function') (done as () => void)();
      return true;
    });
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    await exportCommand().parseAsync(['telemetry', ...words], { from: 'user' });
    return print.mock.calls.map(([text]) => String(text)).join('');
  };

  it('writes a whole file under its name, in the form of its suffix', async () => {
    const out = path.join(folder, 'sky.jsonl');
    expect(JSON.parse(await run('--kind', 'weather', '--out', out, '--json'))).toEqual({ out, readings: 1 });
    expect(await readFile(out, 'utf8')).toMatch(/^\{"sensorId":"sky"/);
    expect((await readdir(folder)).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  it('writes nothing but the data to standard output', async () => {
    expect(await run('--kind', 'weather', '--out', '-')).toMatch(
      /^observed_at,sensor_id,.*\n2026.*,sky,-3.5,,,,\n$/,
    );
  });

  it('says in one line that a file can not be written', async () => {
    const nowhere = path.join(folder, 'no', 'file.csv');
    await expect(run('--kind', 'weather', '--out', nowhere)).rejects.toThrow(
      "file.csv can't be written: ENOENT",
    );
  });
});

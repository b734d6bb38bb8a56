/** Parquet files of readings: the same rules as for CSV, whatever the types and packing of the columns. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync } from 'hyparquet';
import { parquetWriteFile, type ColumnSource } from 'hyparquet-writer';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerAssets } from '../../src/features/ingest/import-assets.ts';
import { importTelemetry } from '../../src/features/ingest/import-telemetry.ts';
import { withTestDatabase } from '../support/test-database.ts';

const { database } = withTestDatabase();
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-parquet-'));
  const tower = { lineId: 'L', towerId: 'T', latitudeDeg: null, longitudeDeg: null };
  await registerAssets(database(), [
    { ...tower, sensorId: 'imp', kind: 'impedance' },
    { ...tower, sensorId: 'many', kind: 'impedance' },
  ]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function file(name: string, columnData: ColumnSource[], more: object = {}): string {
  const filename = path.join(folder, name);
  parquetWriteFile({ filename, columnData, ...more });
  return filename;
}

/** A frame of Zstandard whose blocks are stored as they are (RFC 8878): Node 20 reads none and writes none. */
function zstdFrame(input: Uint8Array): Uint8Array {
  const MAX_BLOCK = 1 << 17;
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0]);
  head.writeUInt32LE(input.length, 5);
  const parts: Uint8Array[] = [head];
  for (let from = 0; from < input.length; from += MAX_BLOCK) {
    const block = input.subarray(from, from + MAX_BLOCK);
    const blockHead = Buffer.alloc(3);
    blockHead.writeUIntLE((block.length << 3) | Number(from + MAX_BLOCK >= input.length), 0, 3);
    parts.push(blockHead, block);
  }
  return Buffer.concat(parts);
}

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));
const stored = async (sensor: string) =>
  (
    await database().query<{ observed_at: Date; resistance_ohm: number | null; load_ampere: number | null }>(
      'SELECT observed_at, resistance_ohm, load_ampere FROM impedance_reading WHERE sensor_id = $1 ORDER BY observed_at',
      [sensor],
    )
  ).rows;

describe('import of Parquet', () => {
  it('stores what is good and lists what is not, by row and column', async () => {
    const parquet = file('few.parquet', [
      { name: 'sensor_id', data: ['imp', 'imp', 'who', 'imp', 'imp'], type: 'STRING' },
      { name: 'observed_at', data: [at(0), at(1), at(2), at(3), at(4)], type: 'TIMESTAMP' },
      { name: 'resistance_ohm', data: [0.1 + 0.2, null, 1, -1, null], type: 'DOUBLE', nullable: true },
      { name: 'loadAmpere', data: [412n, 5n, 1n, 1n, null], type: 'INT64', nullable: true },
      { name: 'remark', data: ['a', 'b', 'c', 'd', 'e'], type: 'STRING' },
    ]);
    const report = await importTelemetry(database(), parquet);
    expect(report).toMatchObject({ rows: 5, stored: 2, empty: 1, rejected: 2 });
    expect(report.problems.map(({ line, column }) => `${line} ${column}`)).toEqual([
      '3 sensor_id',
      '4 resistance_ohm',
    ]);
    expect(await stored('imp')).toEqual([
      { observed_at: at(0), resistance_ohm: 0.1 + 0.2, load_ampere: 412 },
      { observed_at: at(1), resistance_ohm: null, load_ampere: 5 },
    ]);
  });

  it.each(['SNAPPY', 'GZIP', 'ZSTD', 'UNCOMPRESSED'] as const)(
    'reads row group by row group, packed by %s',
    async (codec) => {
      await database().query("DELETE FROM impedance_reading WHERE sensor_id = 'many'");
      const minutes = Array.from({ length: 25_000 }, (_, minute) => minute);
      const parquet = file(
        `${codec}.parquet`,
        [
          { name: 'sensorId', data: minutes.map(() => 'many'), type: 'STRING' },
          { name: 'observedAt', data: minutes.map((minute) => at(minute).toISOString()), type: 'STRING' },
          { name: 'resistanceOhm', data: minutes.map((minute) => minute / 1e6), type: 'DOUBLE' },
        ],
        {
          rowGroupSize: 10_000,
          codec,
          compressors: { GZIP: (input: Uint8Array) => gzipSync(input), ZSTD: zstdFrame },
        },
      );
      const { row_groups } = await parquetMetadataAsync(await asyncBufferFromFile(parquet));
      expect(row_groups.map((group) => group.columns[2]?.meta_data?.codec)).toEqual([codec, codec, codec]);
      const told: number[] = [];
      const report = await importTelemetry(database(), parquet, ({ done, total }) => told.push(done / total));
      expect(report).toMatchObject({ rows: 25_000, stored: 25_000, rejected: 0 });
      expect(new Set(told).size).toBe(3);
      expect((await stored('many')).map((row) => row.resistance_ohm)).toEqual(
        minutes.map((minute) => minute / 1e6),
      );
      expect(await importTelemetry(database(), parquet)).toMatchObject({ stored: 0, duplicates: 25_000 });
    },
  );

  it('refuses times without a zone, a table of something else, and what is no Parquet', async () => {
    const times = (isAdjustedToUTC: boolean) =>
      file(
        'zone.parquet',
        [
          { name: 'sensor_id', data: ['imp'] },
          { name: 'observed_at', data: [BigInt(at(9).getTime()) * 1_000n] },
          { name: 'load_ampere', data: [7] },
        ],
        {
          schema: [
            { name: 'root', num_children: 3 },
            { name: 'sensor_id', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
            {
              name: 'observed_at',
              type: 'INT64',
              repetition_type: 'REQUIRED',
              logical_type: { type: 'TIMESTAMP', isAdjustedToUTC, unit: 'MICROS' },
            },
            { name: 'load_ampere', type: 'DOUBLE', repetition_type: 'REQUIRED' },
          ],
        },
      );
    await expect(importTelemetry(database(), times(false))).rejects.toThrow(
      'has times without their zone in observed_at',
    );
    expect(await importTelemetry(database(), times(true))).toMatchObject({ rows: 1, stored: 1 });
    const other = file('other.parquet', [{ name: 'a', data: [1], type: 'DOUBLE' }]);
    await expect(importTelemetry(database(), other)).rejects.toThrow('must also have one of observed_at');
    const rubbish = path.join(folder, 'rubbish.parquet');
    await writeFile(rubbish, 'no table at all');
    await expect(importTelemetry(database(), rubbish)).rejects.toThrow("can't be read as Parquet");
    const gone = path.join(folder, 'gone.parquet');
    await expect(importTelemetry(database(), gone)).rejects.toThrow('there is no such file');
  });
});

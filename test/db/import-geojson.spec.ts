/** Towers and lines come in from GeoJSON, and what is wrong with a feature is told by its number. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importAssets } from '../../src/features/ingest/import-assets.ts';
import { withTestDatabase } from '../support/test-database.ts';

describe('import of assets from GeoJSON', () => {
  const { database } = withTestDatabase();
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-geojson-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const collection = async (features: readonly unknown[], more: object = {}) => {
    const file = path.join(folder, 'assets.geojson');
    await writeFile(file, JSON.stringify({ type: 'FeatureCollection', ...more, features }));
    return file;
  };
  const feature = (type: string, coordinates: unknown, properties: object) => ({
    type: 'Feature',
    geometry: { type, coordinates },
    properties,
  });
  const towers = async (lineId: string) => {
    const sql =
      'SELECT tower_id, latitude_deg, longitude_deg FROM tower WHERE line_id = $1 ORDER BY tower_id';
    return (await database().query(sql, [lineId])).rows;
  };

  it('takes points for towers, with the sensor that they name, and the corners of a line for its towers', async () => {
    const file = await collection([
      feature('Point', [8.25, 46.5, 1204], {
        line_id: 'east',
        tower_id: 7,
        sensor_id: 'e-7',
        kind: 'impedance',
      }),
      feature('Point', [8.26, 46.5], { lineId: 'east', towerId: '8' }),
      feature('LineString', [[8.1, 46], [8.2, 46.1]], { line_id: 'west' }), // prettier-ignore
      feature('LineString', [[8.1, 47], [8.2, 47.1]], { line_id: 'up', tower_ids: ['A', 'B'] }), // prettier-ignore
    ]);
    const report = await importAssets(database(), file);
    expect(report).toMatchObject({ rows: 4, lines: 3, towers: 6, sensors: 1, rejected: 0 });
    expect(await towers('east')).toEqual([
      { tower_id: '7', latitude_deg: 46.5, longitude_deg: 8.25 },
      { tower_id: '8', latitude_deg: 46.5, longitude_deg: 8.26 },
    ]);
    expect((await towers('west')).map((row) => row.tower_id as string)).toEqual(['T001', 'T002']);
    expect((await towers('up')).map((row) => row.tower_id as string)).toEqual(['A', 'B']);
    expect(await importAssets(database(), file)).toEqual(report);
  });

  it('lists what is wrong with a feature by its number, and takes the others', async () => {
    const file = await collection([
      feature('Point', [8, 46], { line_id: 'n', tower_id: 'ok' }),
      feature('Point', [2_600_000, 1_200_000], { line_id: 'n', tower_id: 'swiss' }),
      feature('Point', [8, 46], { line_id: 'n' }),
      feature('Polygon', [], { line_id: 'n' }),
      feature('LineString', [[8, 46], [9, 46]], { line_id: 'n', tower_ids: ['one'] }), // prettier-ignore
      feature('Point', [8, 46], { line_id: 'n', tower_id: 'x', sensor_id: 's', kind: 'thermal' }),
      null,
    ]);
    const report = await importAssets(database(), file);
    expect(report).toMatchObject({ rows: 7, towers: 1, rejected: 6 });
    expect(report.problems.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6, 7]);
    expect(report.problems[0]!.reason).toContain('[longitude, latitude]');
    expect(await towers('n')).toHaveLength(1);
  });

  it('refuses other coordinates than longitude and latitude, and what is no collection', async () => {
    const crs = { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::25832' } };
    await expect(importAssets(database(), await collection([], { crs }))).rejects.toThrow('EPSG::25832');
    const named = { type: 'name', properties: { name: 'urn:ogc:def:crs:OGC:1.3:CRS84' } };
    expect(await importAssets(database(), await collection([], { crs: named }))).toMatchObject({ rows: 0 });
    await expect(importAssets(database(), await collection([], { type: 'Topology' }))).rejects.toThrow(
      'FeatureCollection',
    );
    const broken = path.join(folder, 'broken.geojson');
    await writeFile(broken, '{"type":');
    await expect(importAssets(database(), broken)).rejects.toThrow('is not JSON');
    await expect(importAssets(database(), path.join(folder, 'none.geojson'))).rejects.toThrow(
      "can't be read",
    );
  });
});

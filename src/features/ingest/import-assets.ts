/** Registers lines, towers and sensors in bulk; may be repeated at will. */
import { findSensorKind, sensors } from '../../catalogue/sensors/sensors.ts';
import type { Asset } from '../../core/domain/asset.ts';
import { BadInput } from '../../core/domain/failure.ts';
import { isSamePlace, isTopicSegment } from '../../core/domain/sensor-topic.ts';
import type { CsvRecord } from '../../platform/csv/csv-record.ts';
import { readCsvRecords } from '../../platform/csv/read-csv-records.ts';
import type { Database } from '../../platform/storage/database.ts';
import { SensorRepository } from '../../platform/storage/sensor-repository.ts';
import { CsvHeader } from './csv-header.ts';
import { readAssetsGeoJson } from './read-assets-geojson.ts';
import { ImportProblems, type ImportProblem } from './import-problem.ts';

export interface AssetReport {
  readonly rows: number;
  readonly lines: number;
  readonly towers: number;
  readonly sensors: number;
  readonly rejected: number;
  readonly problems: readonly ImportProblem[];
}

const COLUMNS = ['line_id', 'tower_id', 'latitude_deg', 'longitude_deg', 'sensor_id', 'kind'];

/**
 * @param file GeoJSON where it ends in .geojson or .json, else CSV with line_id, tower_id, latitude_deg, longitude_deg,
 *   sensor_id, kind
 * @throws BadInput when the file is no such thing; nothing is registered then
 */
export async function importAssets(database: Database, file: string): Promise<AssetReport> {
  return /\.(geo)?json$/i.test(file) ? importGeoJson(database, file) : importCsv(database, file);
}

/** Towers need no sensor here. */
async function importGeoJson(database: Database, file: string): Promise<AssetReport> {
  const read = await readAssetsGeoJson(file);
  const problems = new ImportProblems();
  for (const problem of read.problems) problems.add(problem);
  const named = read.features.filter(({ sensor }) => sensor !== null);
  const refused = await registerAssets(
    database,
    named.map(({ sensor }) => sensor!),
  );
  const refusedFeatures = new Set(refused.map(({ index }) => named[index]!));
  for (const { index, reason } of refused) {
    problems.add({ line: named[index]!.number, column: 'sensor_id', reason });
  }
  const taken = read.features.filter((feature) => !refusedFeatures.has(feature));
  const towers = taken.flatMap((feature) => feature.towers);
  await new SensorRepository(database).registerTowers(towers);
  return {
    rows: read.features.length + read.problems.length,
    lines: countDistinct(towers.map(({ lineId }) => lineId)),
    towers: countDistinct(towers.map(({ lineId, towerId }) => `${lineId}/${towerId}`)),
    sensors: countDistinct(taken.flatMap(({ sensor }) => (sensor ? [sensor.sensorId] : []))),
    rejected: problems.count,
    problems: problems.kept,
  };
}

async function importCsv(database: Database, file: string): Promise<AssetReport> {
  const problems = new ImportProblems();
  const good: { asset: Asset; line: number }[] = [];
  let header: CsvHeader | undefined;
  let rows = 0;
  for await (const records of readCsvRecords(file)) {
    for (const record of records) {
      if (!header) {
        header = new CsvHeader(file, record, COLUMNS);
        continue;
      }
      rows++;
      const read = readAsset(header, record);
      if ('asset' in read) good.push({ asset: read.asset, line: record.line });
      else problems.add({ line: record.line, ...read });
    }
  }
  if (!header)
    throw new BadInput('csv-empty', `${file} is empty, but must have a header and rows.`, { file });
  const refused = await registerAssets(
    database,
    good.map(({ asset }) => asset),
  );
  for (const { index, reason } of refused) {
    problems.add({ line: good[index]!.line, column: 'sensor_id', reason });
  }
  const refusedRows = new Set(refused.map(({ index }) => index));
  const taken = good.filter((_, index) => !refusedRows.has(index));
  return {
    rows,
    lines: countDistinct(taken.map(({ asset }) => asset.lineId)),
    towers: countDistinct(taken.map(({ asset }) => `${asset.lineId}/${asset.towerId}`)),
    sensors: countDistinct(taken.map(({ asset }) => asset.sensorId)),
    rejected: problems.count,
    problems: problems.kept,
  };
}

/** A sensor stays where it was registered first: its readings and labels belong to that tower. */
export interface RefusedAsset {
  readonly index: number;
  readonly reason: string;
}

/** @returns those that are registered elsewhere or as another kind; all others are registered now */
export async function registerAssets(
  database: Database,
  assets: readonly Asset[],
): Promise<readonly RefusedAsset[]> {
  const repository = new SensorRepository(database);
  await repository.load(assets.map(({ sensorId }) => sensorId));
  const fresh = new Map<string, Asset>();
  for (const asset of assets) {
    if (!repository.known(asset.sensorId) && !fresh.has(asset.sensorId)) fresh.set(asset.sensorId, asset);
  }
  await repository.register([...fresh.values()]);
  const refused: RefusedAsset[] = [];
  const placed: Asset[] = [];
  for (const [index, asset] of assets.entries()) {
    const there = repository.known(asset.sensorId);
    if (!there) continue;
    if (isSamePlace(there, asset)) placed.push(asset);
    else {
      const place = `${there.lineId}/${there.towerId} ${there.kind}`;
      refused.push({ index, reason: `the sensor '${asset.sensorId}' is registered as ${place}` });
    }
  }
  await repository.registerTowers(placed.filter(({ latitudeDeg }) => latitudeDeg !== null));
  return refused;
}

function readAsset(
  header: CsvHeader,
  record: CsvRecord,
): { readonly asset: Asset } | { readonly column: string | null; readonly reason: string } {
  const { width } = header;
  if (record.cells.length !== width) {
    return {
      column: null,
      reason: `the row has ${record.cells.length} cells, but must have ${width} as the header`,
    };
  }
  const cell = (column: string) => header.cell(record, column);
  for (const column of ['line_id', 'tower_id', 'sensor_id']) {
    if (isTopicSegment(cell(column))) continue;
    const allowed = 'must be 1 to 64 of A-Z, a-z, 0-9, _ and -';
    return { column, reason: `${column} is '${cell(column)}', but ${allowed}` };
  }
  if (!findSensorKind(cell('kind'))) {
    const kinds = sensors.map(({ kind }) => kind).join(', ');
    return { column: 'kind', reason: `kind is '${cell('kind')}', but must be one of ${kinds}` };
  }
  const latitudeDeg = readDegrees(cell('latitude_deg'), 90);
  const longitudeDeg = readDegrees(cell('longitude_deg'), 180);
  if (Number.isNaN(latitudeDeg)) return wrongDegrees('latitude_deg', cell('latitude_deg'), 90);
  if (Number.isNaN(longitudeDeg)) return wrongDegrees('longitude_deg', cell('longitude_deg'), 180);
  if ((latitudeDeg === null) !== (longitudeDeg === null)) {
    return {
      column: 'latitude_deg',
      reason: 'latitude_deg and longitude_deg must both be there, or neither',
    };
  }
  const asset = {
    lineId: cell('line_id'),
    towerId: cell('tower_id'),
    sensorId: cell('sensor_id'),
    kind: cell('kind'),
    latitudeDeg,
    longitudeDeg,
  };
  return { asset };
}

/** @returns null for an empty cell, NaN for what is no such angle */
function readDegrees(cell: string, limit: number): number | null {
  if (cell === '') return null;
  const degrees = Number(cell);
  return Math.abs(degrees) <= limit ? degrees : NaN;
}

function wrongDegrees(column: string, cell: string, limit: number): { column: string; reason: string } {
  return {
    column,
    reason: `${column} is '${cell}', but must be a number from -${limit} to ${limit}, or empty`,
  };
}

function countDistinct(names: readonly string[]): number {
  return new Set(names).size;
}

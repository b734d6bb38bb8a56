/** Towers, and sensors on them where they are named, from GeoJSON (RFC 7946): points are towers, lines are lines. */
import { readFile } from 'node:fs/promises';
import { findSensorKind, sensors } from '../../catalogue/sensors/sensors.ts';
import type { Asset } from '../../core/domain/asset.ts';
import { BadInput } from '../../core/domain/failure.ts';
import { isTopicSegment } from '../../core/domain/sensor-topic.ts';
import type { TowerPlace } from '../../platform/storage/sensor-repository.ts';
import type { ImportProblem } from './import-problem.ts';

/** Of one feature: the towers that it places, and the sensor that it names. */
export interface AssetFeature {
  /** Counted from 1. */
  readonly number: number;
  readonly towers: readonly TowerPlace[];
  readonly sensor: Asset | null;
}

export interface ReadAssets {
  readonly features: readonly AssetFeature[];
  readonly problems: readonly ImportProblem[];
}

/** The only one that RFC 7946 knows, by the names that older writers give it. */
const LONGITUDE_LATITUDE = /CRS:?84|EPSG:*4326$/i;

/** @throws BadInput when the file is no collection of features in longitude and latitude */
export async function readAssetsGeoJson(file: string): Promise<ReadAssets> {
  const collection = await readCollection(file);
  const features: AssetFeature[] = [];
  const problems: ImportProblem[] = [];
  for (const [index, feature] of collection.entries()) {
    const number = index + 1;
    const read = readFeature(feature, number);
    if (typeof read === 'string') problems.push({ line: number, column: null, reason: read });
    else features.push(read);
  }
  return { features, problems };
}

async function readCollection(file: string): Promise<readonly unknown[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new BadInput(
      'file-unreadable',
      `${file} can't be read: ${(cause as Error).message}`,
      {},
      { cause },
    );
  });
  let document: unknown;
  try {
    document = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    throw new BadInput(
      'geojson-malformed',
      `${file} is not JSON: ${(cause as Error).message}`,
      {},
      { cause },
    );
  }
  const crs = at(at(at(document, 'crs'), 'properties'), 'name');
  if (typeof crs === 'string' && !LONGITUDE_LATITUDE.test(crs)) {
    throw new BadInput(
      'geojson-crs',
      `${file} has coordinates in ${crs}, but must have longitude and latitude (WGS 84): convert it first.`,
    );
  }
  const features = at(document, 'features');
  if (at(document, 'type') === 'FeatureCollection' && Array.isArray(features)) return features as unknown[];
  throw new BadInput('geojson-malformed', `${file} must be a GeoJSON FeatureCollection.`);
}

/** @returns what is wrong with it, where something is */
function readFeature(feature: unknown, number: number): AssetFeature | string {
  const [properties, geometry] = [at(feature, 'properties'), at(feature, 'geometry')];
  const lineId = text(properties, 'line_id', 'lineId');
  if (!isTopicSegment(lineId)) return wrongName('line_id', lineId);
  const coordinates = at(geometry, 'coordinates');
  switch (at(geometry, 'type')) {
    case 'Point':
      return readTower(properties, lineId, coordinates, number);
    case 'LineString':
      return readLine(properties, lineId, coordinates, number);
    default:
      return `the geometry is ${JSON.stringify(at(geometry, 'type') ?? null)}, but must be a Point (a tower) or a LineString (a line)`;
  }
}

function readTower(
  properties: unknown,
  lineId: string,
  coordinates: unknown,
  number: number,
): AssetFeature | string {
  const towerId = text(properties, 'tower_id', 'towerId');
  if (!isTopicSegment(towerId)) return wrongName('tower_id', towerId);
  const position = readPosition(coordinates);
  if (typeof position === 'string') return position;
  const tower = { lineId, towerId, ...position };
  const sensorId = text(properties, 'sensor_id', 'sensorId');
  if (sensorId === '') return { number, towers: [tower], sensor: null };
  if (!isTopicSegment(sensorId)) return wrongName('sensor_id', sensorId);
  const kind = text(properties, 'kind');
  if (!findSensorKind(kind)) {
    return `kind is '${kind}', but must be one of ${sensors.map((sensor) => sensor.kind).join(', ')}`;
  }
  return { number, towers: [tower], sensor: { ...tower, sensorId, kind } };
}

/** Every corner of a line is a tower: named by `tower_ids` in their order, else T001, T002 and so on. */
function readLine(
  properties: unknown,
  lineId: string,
  coordinates: unknown,
  number: number,
): AssetFeature | string {
  if (!Array.isArray(coordinates) || coordinates.length < 2)
    return 'a LineString must have two positions or more';
  const names = at(properties, 'tower_ids') ?? at(properties, 'towerIds');
  if (names !== undefined && (!Array.isArray(names) || names.length !== coordinates.length)) {
    return `tower_ids must be a list of ${coordinates.length} names, one a position`;
  }
  const towers: TowerPlace[] = [];
  for (const [index, each] of coordinates.entries()) {
    const towerId = names ? String(names[index]) : `T${String(index + 1).padStart(3, '0')}`;
    if (!isTopicSegment(towerId)) return wrongName('tower_ids', towerId);
    const position = readPosition(each);
    if (typeof position === 'string') return `position ${index + 1}: ${position}`;
    towers.push({ lineId, towerId, ...position });
  }
  if (new Set(towers.map(({ towerId }) => towerId)).size < towers.length) return 'tower_ids has a name twice';
  return { number, towers, sensor: null };
}

function readPosition(coordinates: unknown): { latitudeDeg: number; longitudeDeg: number } | string {
  const [longitudeDeg, latitudeDeg] = Array.isArray(coordinates) ? (coordinates as unknown[]) : [];
  const isPosition =
    typeof longitudeDeg === 'number' &&
    typeof latitudeDeg === 'number' &&
    Math.abs(longitudeDeg) <= 180 &&
    Math.abs(latitudeDeg) <= 90;
  if (isPosition) return { latitudeDeg, longitudeDeg };
  return `the position is ${JSON.stringify(coordinates ?? null)?.slice(0, 80)}, but must be [longitude, latitude] in degrees`;
}

function wrongName(property: string, value: string): string {
  return `${property} is '${value}', but must be 1 to 64 of A-Z, a-z, 0-9, _ and -`;
}

/** Numbers are names as well. @returns empty where there is none */
function text(node: unknown, ...names: readonly string[]): string {
  const value = names.map((name) => at(node, name)).find((each) => each !== undefined && each !== null);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function at(node: unknown, name: string): unknown {
  return typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[name] : undefined;
}

/** Reads where each sensor stands: sensors of one site share weather, and are compared with each other. */
import { BadInput } from '../../core/domain/failure.ts';
import { badCell, readCsv } from './read-csv.ts';

const COLUMNS = { required: ['sensor_id'], optional: ['site', 'line_id', 'tower_id'] };

export interface Sites {
  /** By sensor, from the column `site`, or `line_id` where there is none. */
  readonly sites: ReadonlyMap<string, string>;
  /** By sensor, unique among sites; a sensor without one is not there. */
  readonly towers: ReadonlyMap<string, string>;
}

export const NO_SITES: Sites = { sites: new Map(), towers: new Map() };

export async function readSites(file: string): Promise<Sites> {
  const sites = new Map<string, string>();
  const towers = new Map<string, string>();
  for await (const rows of readCsv(file, COLUMNS)) {
    for (const { cells, line } of rows) {
      const [sensorId = '', site = '', lineId = '', towerId = ''] = cells;
      if (sensorId === '') throw badCell(file, line, 'sensor_id', 'is empty');
      const name = site === '' ? lineId : site;
      const known = sites.get(sensorId);
      if (known !== undefined && known !== name) {
        throw badCell(file, line, 'sensor_id', `sensor '${sensorId}' stands at '${known}' already`);
      }
      sites.set(sensorId, name);
      if (towerId !== '') towers.set(sensorId, `${name}/${towerId}`);
    }
  }
  if ([...sites.values()].some((site) => site !== '')) return { sites, towers };
  throw new BadInput('sites-unnamed', `${file} names no site; it must have a column site or line_id.`);
}

/** Reads which site each sensor belongs to: sensors of one site share weather, and are compared with each other. */
import { BadInput } from '../../core/domain/failure.ts';
import { badCell, readCsv } from './read-csv.ts';

const COLUMNS = { required: ['sensor_id'], optional: ['site', 'line_id'] };

/** @returns site by sensor, from the column `site`, or `line_id` where there is none */
export async function readSites(file: string): Promise<Map<string, string>> {
  const sites = new Map<string, string>();
  for await (const rows of readCsv(file, COLUMNS)) {
    for (const { cells, line } of rows) {
      const [sensorId = '', site = '', lineId = ''] = cells;
      if (sensorId === '') throw badCell(file, line, 'sensor_id', 'is empty');
      const name = site === '' ? lineId : site;
      const known = sites.get(sensorId);
      if (known !== undefined && known !== name) {
        throw badCell(file, line, 'sensor_id', `sensor '${sensorId}' stands at '${known}' already`);
      }
      sites.set(sensorId, name);
    }
  }
  if ([...sites.values()].some((site) => site !== '')) return sites;
  throw new BadInput('sites-unnamed', `${file} names no site; it must have a column site or line_id.`);
}

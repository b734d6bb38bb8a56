/** Reads inspections: what a drone's look found, and how sure the finding is. */
import type { Look } from '../../catalogue/models/impedance-anomaly/look-intervals.ts';
import { badCell, readCsv } from '../../platform/csv/read-csv.ts';
import { parseTime } from '../../platform/csv/telemetry-csv.ts';

const COLUMNS = { required: ['inspected_at', 'sensor_id', 'finding'], optional: ['probability', 'kind'] };

/**
 * `probability` is that of a defect; the finding decides on which side of one half it counts. Without one the
 * finding is taken to be certain.
 */
export async function readLooks(
  file: string,
  knownSensors: ReadonlySet<string>,
  until: number,
): Promise<Look[]> {
  const looks: Look[] = [];
  for await (const rows of readCsv(file, COLUMNS)) {
    for (const { cells, line } of rows) {
      const [time = '', sensorId = '', finding = '', probability = '', kind = ''] = cells;
      const inspectedAt = parseTime(file, line, 'inspected_at', time);
      if (!knownSensors.has(sensorId)) {
        throw badCell(file, line, 'sensor_id', `the telemetry has no sensor '${sensorId}'`);
      }
      if (finding !== 'clean' && finding !== 'defect') {
        throw badCell(file, line, 'finding', `'${finding}' is neither clean nor defect`);
      }
      const given = probability === '' ? (finding === 'defect' ? 1 : 0) : Number(probability);
      if (!(given >= 0 && given <= 1)) {
        throw badCell(file, line, 'probability', `'${probability}' is not a number from 0 to 1`);
      }
      const defect = finding === 'defect' ? Math.max(given, 0.5) : Math.min(given, 1 - given);
      if (inspectedAt <= until)
        looks.push({ inspectedAt, sensorId, defect, kind: kind === '' ? null : kind });
    }
  }
  return looks;
}

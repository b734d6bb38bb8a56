/** Writes readings as text that the import takes back, value by value. */
import type { SensorKind } from '../../catalogue/sensors/sensor.ts';
import { ignoreProgress, type ProgressListener } from '../../core/domain/progress.ts';
import type { Database } from '../../platform/storage/database.ts';
import {
  countReadings,
  streamReadings,
  type ReadingRange,
  type ReadingRow,
} from '../../platform/storage/stream-readings.ts';

export type ExportForm = 'csv' | 'ndjson';

export interface ExportRequest {
  readonly sensor: SensorKind;
  readonly range: ReadingRange;
  readonly form: ExportForm;
}

/**
 * @param write is waited for before more is read
 * @returns how many readings there were
 */
export async function exportTelemetry(
  database: Database,
  { sensor, range, form }: ExportRequest,
  write: (text: string) => Promise<void>,
  onProgress: ProgressListener = ignoreProgress,
): Promise<number> {
  const total = onProgress === ignoreProgress ? 0 : await countReadings(database, sensor, range);
  const toLine = form === 'csv' ? csvLine(sensor) : ndjsonLine(sensor);
  let done = 0;
  if (form === 'csv') {
    const columns = ['observed_at', 'sensor_id', ...sensor.channels.map(({ column }) => column)];
    await write(`${columns.join(',')}\n`);
  }
  await streamReadings(database, sensor, range, async (rows) => {
    await write(rows.map(toLine).join(''));
    done += rows.length;
    // More may have come since they were counted.
    onProgress({ stage: 'exporting readings', done, total: Math.max(done, total), note: `${done} readings` });
  });
  return done;
}

/** Ids, numbers and times need no quotes; JavaScript writes a number so that it reads back as the same. */
function csvLine({ channels }: SensorKind): (row: ReadingRow) => string {
  return (row) => {
    const quantities = channels.map(({ column }) => row[column] ?? '');
    return `${[row.observed_at.toISOString(), row.sensor_id, ...quantities].join(',')}\n`;
  };
}

/** As the sensor would send it, with its id; what was not measured is left out. */
function ndjsonLine({ channels }: SensorKind): (row: ReadingRow) => string {
  return (row) => {
    const measured = channels.filter(({ column }) => row[column] !== null);
    const quantities = measured.map(({ name, column }) => [name, row[column]]);
    const ends = { sensorId: row.sensor_id, observedAt: row.observed_at.toISOString() };
    return `${JSON.stringify({ ...ends, ...Object.fromEntries(quantities) })}\n`;
  };
}

/** Reads a file of readings in whatever form its suffix says. */
import path from 'node:path';
import type { SensorPlace } from '../../core/domain/sensor-topic.ts';
import type { RowContext, TelemetryRow } from './check-telemetry-row.ts';
import { readTelemetryCsv } from './read-telemetry-csv.ts';
import { readTelemetryNdjson } from './read-telemetry-ndjson.ts';
import { readTelemetryParquet } from './read-telemetry-parquet.ts';

type ReadForm = (
  file: string,
  context: RowContext,
  onBytes: (bytes: number) => void,
) => AsyncGenerator<readonly TelemetryRow[]>;

const FORMS: Readonly<Record<string, ReadForm>> = {
  '.ndjson': readTelemetryNdjson,
  '.jsonl': readTelemetryNdjson,
  '.parquet': readTelemetryParquet,
};

/**
 * @param file CSV, unless it ends in .ndjson, .jsonl or .parquet
 * @param known where a sensor is registered, undefined when it is not
 */
export function readTelemetryFile(
  file: string,
  known: (sensorId: string) => SensorPlace | undefined,
  onBytes: (bytes: number) => void,
): AsyncGenerator<readonly TelemetryRow[]> {
  const read = FORMS[path.extname(file).toLowerCase()] ?? readTelemetryCsv;
  return read(file, { known, receivedAt: new Date() }, onBytes);
}

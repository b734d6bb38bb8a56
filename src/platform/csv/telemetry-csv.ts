/** Reads a wide table of telemetry: `observed_at`, `sensor_id`, then numeric columns, empty where missing. */
import { badCell, readCsv } from './read-csv.ts';

export interface TelemetryRow {
  readonly sensorId: string;
  /** Milliseconds since 1970. */
  readonly observedAt: number;
  /** One a column, NaN for missing. */
  readonly values: Float64Array;
  readonly line: number;
}

/** Rows of one sensor must come in time order, without duplicates; sensors may be mixed. */
export async function* readTelemetryCsv(
  file: string,
  columns: readonly string[],
  onBytes?: (bytes: number) => void,
): AsyncGenerator<readonly TelemetryRow[]> {
  const lastObservedAt = new Map<string, number>();
  for await (const rows of readCsv(file, { required: ['observed_at', 'sensor_id', ...columns] }, onBytes)) {
    yield rows.map(({ cells, line }) => {
      const [time = '', sensorId = ''] = cells;
      if (sensorId === '') throw badCell(file, line, 'sensor_id', 'is empty');
      const observedAt = parseTime(file, line, 'observed_at', time);
      const last = lastObservedAt.get(sensorId);
      if (last !== undefined && observedAt <= last) {
        const problem = observedAt === last ? 'repeats a reading' : 'comes before the reading above it';
        throw badCell(file, line, 'observed_at', `${time} ${problem} of sensor ${sensorId}; times must rise`);
      }
      lastObservedAt.set(sensorId, observedAt);
      const values = new Float64Array(columns.length);
      for (let i = 0; i < columns.length; i++) {
        values[i] = parseNumber(file, line, columns[i]!, cells[i + 2]!);
      }
      return { sensorId, observedAt, values, line };
    });
  }
}

const ISO_TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/;

/** ISO 8601; a time without a zone is UTC, so that a file means the same on every machine. */
export function parseTime(file: string, line: number, column: string, text: string): number {
  const [, day, clock = '00:00', zone = 'Z'] = ISO_TIME.exec(text) ?? [];
  const time = day === undefined ? NaN : Date.parse(`${day}T${clock}${zone}`);
  if (!Number.isNaN(time)) return time;
  throw badCell(file, line, column, `'${text}' is not an ISO 8601 time, such as 2026-01-31T10:00:00Z`);
}

function parseNumber(file: string, line: number, column: string, text: string): number {
  if (text === '') return NaN;
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  throw badCell(
    file,
    line,
    column,
    `'${text}' is not a number; leave the cell empty where the value is missing`,
  );
}

/** Reads a wide Parquet table of readings, with the columns of a CSV file or the fields of JSON. */
import { sensors } from '../../catalogue/sensors/sensors.ts';
import { BadInput } from '../../core/domain/failure.ts';
import { readParquetColumns, type ParquetRows } from '../../platform/parquet/read-parquet-columns.ts';
import {
  checkTelemetryRow,
  type RowContext,
  type SentRow,
  type TelemetryRow,
} from './check-telemetry-row.ts';

/** Handed on in batches of this size, so that progress is told. */
const BATCH_ROWS = 4_096;

const TIME = ['observed_at', 'observedAt'];
const SENSOR = ['sensor_id', 'sensorId'];
const QUANTITIES = sensors.flatMap(({ channels }) => channels.flatMap(({ column, name }) => [column, name]));

/** @throws BadInput when it is no such table */
export async function* readTelemetryParquet(
  file: string,
  context: RowContext,
  onBytes: (bytes: number) => void,
): AsyncGenerator<readonly TelemetryRow[]> {
  const choose = (columns: readonly string[]) => chooseColumns(file, columns);
  for await (const group of readParquetColumns(file, choose, onBytes)) {
    for (let from = 0; from < group.count; from += BATCH_ROWS) {
      const length = Math.min(BATCH_ROWS, group.count - from);
      yield Array.from({ length }, (_, index) => checkTelemetryRow(rowOf(group, from + index), context));
    }
  }
}

function chooseColumns(file: string, columns: readonly string[]): readonly string[] {
  const lacking = [TIME, SENSOR, QUANTITIES].find((names) => !names.some((name) => columns.includes(name)));
  if (!lacking) return columns.filter((column) => [...TIME, ...SENSOR, ...QUANTITIES].includes(column));
  throw new BadInput(
    'parquet-column-missing',
    `${file} has the columns ${columns.join(', ')}, but must also have one of ${lacking.join(', ')}.`,
    { file },
  );
}

/** Rows are counted from 1, as lines are. */
function rowOf({ columns, firstRow }: ParquetRows, index: number): SentRow {
  const value = (names: readonly string[]): unknown => {
    for (const name of names) {
      const found = columns.get(name)?.[index] ?? null;
      if (found !== null) return found;
    }
    return undefined;
  };
  const observedAt = value(TIME);
  const sensorId = value(SENSOR);
  return {
    line: firstRow + index + 1,
    sensorId: typeof sensorId === 'string' ? sensorId : '',
    observedAt: observedAt instanceof Date ? toIso(observedAt) : observedAt,
    quantity: ({ name, column }) => toNumber(value([column, name])),
  };
}

function toIso(time: Date): string {
  return Number.isNaN(time.getTime()) ? 'no time' : time.toISOString();
}

/** Whole numbers of 64 bits come as bigints. */
function toNumber(quantity: unknown): unknown {
  return typeof quantity === 'bigint' ? Number(quantity) : quantity;
}

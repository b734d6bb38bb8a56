/** Reads a wide CSV file of readings: `observed_at`, `sensor_id`, then any columns of the sensor kinds. */
import { sensors } from '../../catalogue/sensors/sensors.ts';
import { BadInput } from '../../core/domain/failure.ts';
import type { CsvRecord } from '../../platform/csv/csv-record.ts';
import { readCsvRecords } from '../../platform/csv/read-csv-records.ts';
import { checkTelemetryRow, type RowContext, type TelemetryRow } from './check-telemetry-row.ts';
import { CsvHeader } from './csv-header.ts';

const REQUIRED = ['observed_at', 'sensor_id'];

/** @throws BadInput when it is no such table */
export async function* readTelemetryCsv(
  file: string,
  context: RowContext,
  onBytes: (bytes: number) => void,
): AsyncGenerator<readonly TelemetryRow[]> {
  let header: CsvHeader | undefined;
  for await (const records of readCsvRecords(file, onBytes)) {
    const first = header ? undefined : records[0];
    const known = (header ??= readHeader(file, records[0]!));
    yield records.slice(first ? 1 : 0).map((record) => checkRecord(known, record, context));
  }
  if (!header)
    throw new BadInput('csv-empty', `${file} is empty, but must have a header and rows.`, { file });
}

function readHeader(file: string, first: CsvRecord): CsvHeader {
  const header = new CsvHeader(file, first, REQUIRED);
  const quantities = sensors.flatMap(({ channels }) => channels.map(({ column }) => column));
  if (quantities.some((column) => header.has(column))) return header;
  throw new BadInput(
    'csv-column-missing',
    `${file} has the columns ${first.cells.join(', ')}, but must also have at least one of ${quantities.join(', ')}.`,
    { file },
  );
}

function checkRecord(header: CsvHeader, record: CsvRecord, context: RowContext): TelemetryRow {
  const { line, cells } = record;
  if (cells.length !== header.width) {
    const reason = `the row has ${cells.length} cells, but must have ${header.width} as the header`;
    return { problem: { line, column: null, reason } };
  }
  const row = {
    line,
    sensorId: header.cell(record, 'sensor_id'),
    observedAt: header.cell(record, 'observed_at'),
    quantity: ({ column }: { readonly column: string }) => readNumber(header.cell(record, column)),
  };
  return checkTelemetryRow(row, context);
}

/** As JSON has it, and with a plus sign or a bare point, as spreadsheets have it. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** What is no number stays text, for the sentence that refuses it. */
function readNumber(cell: string): number | string | null {
  if (cell === '') return null;
  return NUMBER.test(cell) ? Number(cell) : cell;
}

/** Reads a wide CSV file of readings: `observed_at`, `sensor_id`, then any columns of the sensor kinds. */
import { checkReading } from '../../catalogue/sensors/check-reading.ts';
import type { Channel, SensorKind } from '../../catalogue/sensors/sensor.ts';
import { findSensorKind, sensors } from '../../catalogue/sensors/sensors.ts';
import { BadInput } from '../../core/domain/failure.ts';
import type { Reading } from '../../core/domain/reading.ts';
import type { SensorPlace } from '../../core/domain/sensor-topic.ts';
import { readCsvRecords, type CsvRecord } from '../../platform/csv/read-csv-records.ts';
import { CsvHeader } from './csv-header.ts';
import type { ImportProblem } from './import-problem.ts';

export type TelemetryRow =
  | { readonly reading: Reading }
  | { readonly problem: ImportProblem }
  /** A row that has none of the quantities of its sensor's kind: nothing was measured. */
  | { readonly empty: true };

const REQUIRED = ['observed_at', 'sensor_id'];

/** @param known where a sensor is registered, undefined when it is not */
export async function* readTelemetryFile(
  file: string,
  known: (sensorId: string) => SensorPlace | undefined,
  onBytes: (bytes: number) => void,
): AsyncGenerator<readonly TelemetryRow[]> {
  let header: CsvHeader | undefined;
  const receivedAt = new Date();
  for await (const records of readCsvRecords(file, onBytes)) {
    const first = header ? undefined : records[0];
    if (first) header = readHeader(file, first);
    if (!header) continue;
    const reader = new RowReader(header, known, receivedAt);
    yield records.slice(first ? 1 : 0).map((record) => reader.read(record));
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

class RowReader {
  private readonly channelsOfKind: ReadonlyMap<SensorKind, readonly Channel[]>;

  constructor(
    private readonly header: CsvHeader,
    private readonly known: (sensorId: string) => SensorPlace | undefined,
    private readonly receivedAt: Date,
  ) {
    this.channelsOfKind = new Map(
      sensors.map((sensor) => [sensor, sensor.channels.filter(({ column }) => header.has(column))]),
    );
  }

  read(record: CsvRecord): TelemetryRow {
    const wrong = (column: string | null, reason: string) => ({
      problem: { line: record.line, column, reason },
    });
    if (record.cells.length !== this.header.width) {
      const reason = `the row has ${record.cells.length} cells, but must have ${this.header.width} as the header`;
      return wrong(null, reason);
    }
    const sensorId = this.header.cell(record, 'sensor_id');
    const sensor = findSensorKind(this.known(sensorId)?.kind ?? '');
    if (!sensor) {
      return wrong('sensor_id', `the sensor '${sensorId}' is not registered: import its assets first`);
    }
    const sent: Record<string, unknown> = { observedAt: this.header.cell(record, 'observed_at') };
    let quantities = 0;
    for (const { name, column } of this.channelsOfKind.get(sensor) ?? []) {
      const cell = this.header.cell(record, column);
      if (cell === '') continue;
      sent[name] = NUMBER.test(cell) ? Number(cell) : cell;
      quantities++;
    }
    if (quantities === 0) return { empty: true };
    const checked = checkReading(sensor, sent, { sensorId, receivedAt: this.receivedAt });
    if ('reading' in checked) return checked;
    return wrong(columnOf(sensor, checked.fields[0]), checked.reason);
  }
}

/** As JSON has it, and with a plus sign or a bare point, as spreadsheets have it. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

function columnOf(sensor: SensorKind, field: string | undefined): string | null {
  if (field === 'observedAt') return 'observed_at';
  return sensor.channels.find(({ name }) => name === field)?.column ?? null;
}

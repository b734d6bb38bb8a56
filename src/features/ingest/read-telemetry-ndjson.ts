/** Reads a file of one JSON reading a line: as sensors send them plus `sensorId`, or with the columns of a CSV file. */
import { BadInput } from '../../core/domain/failure.ts';
import { readNdjsonLines, type NdjsonLine } from '../../platform/ndjson/read-ndjson-lines.ts';
import { checkTelemetryRow, type RowContext, type TelemetryRow } from './check-telemetry-row.ts';

/** @throws BadInput when there is not one line */
export async function* readTelemetryNdjson(
  file: string,
  context: RowContext,
  onBytes: (bytes: number) => void,
): AsyncGenerator<readonly TelemetryRow[]> {
  let isEmpty = true;
  for await (const lines of readNdjsonLines(file, onBytes)) {
    isEmpty &&= lines.length === 0;
    yield lines.map((line) => checkLine(line, context));
  }
  if (isEmpty) {
    throw new BadInput('ndjson-empty', `${file} is empty, but must have one JSON reading a line.`, { file });
  }
}

function checkLine({ line, json }: NdjsonLine, context: RowContext): TelemetryRow {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    const reason = 'the line must be one JSON object with sensorId, observedAt and quantities';
    return { problem: { line, column: null, reason } };
  }
  const fields = json as Readonly<Record<string, unknown>>;
  const field = (name: string, column: string) => fields[name] ?? fields[column];
  const sensorId = field('sensorId', 'sensor_id');
  if (typeof sensorId !== 'string') {
    const reason = `sensorId is ${JSON.stringify(sensorId) ?? 'absent'}, but must be a text`;
    return { problem: { line, column: 'sensor_id', reason } };
  }
  const row = {
    line,
    sensorId,
    observedAt: field('observedAt', 'observed_at'),
    quantity: ({ name, column }: { readonly name: string; readonly column: string }) => field(name, column),
  };
  return checkTelemetryRow(row, context);
}

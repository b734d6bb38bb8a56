/** Whether one row of a telemetry file may be stored, whatever the file's form: by the kind of its sensor. */
import { checkReading } from '../../catalogue/sensors/check-reading.ts';
import type { Channel, SensorKind } from '../../catalogue/sensors/sensor.ts';
import { findSensorKind } from '../../catalogue/sensors/sensors.ts';
import type { Reading } from '../../core/domain/reading.ts';
import type { SensorPlace } from '../../core/domain/sensor-topic.ts';
import type { ImportProblem } from './import-problem.ts';

export type TelemetryRow =
  | { readonly reading: Reading }
  | { readonly problem: ImportProblem }
  /** A row that has none of the quantities of its sensor's kind: nothing was measured. */
  | { readonly empty: true };

/** One row as its file has it. */
export interface SentRow {
  readonly line: number;
  readonly sensorId: string;
  readonly observedAt: unknown;
  /** Undefined or null where the channel was not measured. */
  quantity(channel: Channel): unknown;
}

export interface RowContext {
  /** Where a sensor is registered, undefined when it is not. */
  readonly known: (sensorId: string) => SensorPlace | undefined;
  readonly receivedAt: Date;
}

export function checkTelemetryRow(row: SentRow, { known, receivedAt }: RowContext): TelemetryRow {
  const { line, sensorId, observedAt } = row;
  const sensor = findSensorKind(known(sensorId)?.kind ?? '');
  if (!sensor) {
    const reason = `the sensor '${sensorId}' is not registered: import its assets first`;
    return { problem: { line, column: 'sensor_id', reason } };
  }
  const sent: Record<string, unknown> = { observedAt };
  let quantities = 0;
  for (const channel of sensor.channels) {
    const quantity = row.quantity(channel) ?? null;
    if (quantity === null) continue;
    sent[channel.name] = quantity;
    quantities++;
  }
  if (quantities === 0) return { empty: true };
  const checked = checkReading(sensor, sent, { sensorId, receivedAt });
  if ('reading' in checked) return checked;
  return { problem: { line, column: columnOf(sensor, checked.fields[0]), reason: checked.reason } };
}

function columnOf(sensor: SensorKind, field: string | undefined): string | null {
  if (field === 'observedAt') return 'observed_at';
  return sensor.channels.find(({ name }) => name === field)?.column ?? null;
}

/** Whether one sent reading may be stored: its fields by the kind's channels, its time against the clock. */
import type { Reading } from '../../core/domain/reading.ts';
import { checkFields } from './check-fields.ts';
import { checkTime } from './check-time.ts';
import type { ReadingOrigin, SensorKind, SentReading } from './sensor.ts';
import { EmptyReading, WrongFields, WrongTime, type WrongReading } from './wrong-reading.ts';

export type CheckedReading = { readonly reading: Reading } | WrongReading;

export function checkReading(kind: SensorKind, sent: unknown, origin: ReadingOrigin): CheckedReading {
  const { channels } = kind;
  const wrongFields = checkFields(channels, sent);
  if (wrongFields) return new WrongFields(wrongFields, channels, sent);
  const fields = sent as SentReading;
  const observedAt = new Date(fields.observedAt);
  const wrongTime = checkTime(observedAt, origin.receivedAt);
  if (wrongTime) return new WrongTime(wrongTime, observedAt, origin.receivedAt);
  const values: Record<string, number | null> = {};
  let measured = 0;
  for (const { name } of channels) {
    const value = (fields[name] ?? null) as number | null;
    values[name] = value;
    if (value !== null) measured++;
  }
  if (measured === 0) return new EmptyReading(channels);
  return { reading: { sensorId: origin.sensorId, kind: kind.kind, observedAt, values } };
}

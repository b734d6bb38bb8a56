/** Whether one sent reading may be stored: its fields by the kind's schema, its time against the clock. */
import type { z } from 'zod';
import type { Reading } from '../../core/domain/reading.ts';
import type { ReadingOrigin, SensorKind } from './sensor.ts';

/** Device clocks run ahead by minutes at most; more is a wrong clock, and would hide what comes after. */
const MAX_AHEAD_MS = 5 * 60_000;

/** Before any such sensor: a device that lost its clock counts from 1970 or 1980. */
const EARLIEST = new Date('2000-01-01T00:00:00Z');

export type CheckedReading =
  | { readonly reading: Reading }
  /** `fields` are the names at fault, empty when it is the reading as a whole. */
  | { readonly code: ReadingFault; readonly fields: readonly string[]; readonly reason: string };

/** A field of the wrong type, a number out of range, a wrong clock, nothing measured. */
export type ReadingFault =
  'reading-malformed' | 'quantity-implausible' | 'time-in-future' | 'time-too-old' | 'reading-empty';

export function checkReading(kind: SensorKind, sent: unknown, origin: ReadingOrigin): CheckedReading {
  const parsed = kind.schema.safeParse(sent);
  if (!parsed.success) {
    const { issues } = parsed.error;
    return {
      code: issues.every(isOutOfRange) ? 'quantity-implausible' : 'reading-malformed',
      fields: issues.flatMap((issue) => (issue.path.length > 0 ? [String(issue.path[0])] : [])),
      reason: issues.map((issue) => issue.message).join('; '),
    };
  }
  const observedAt = new Date(parsed.data.observedAt);
  const wrongTime = checkTime(observedAt, origin.receivedAt);
  if (wrongTime) return { fields: ['observedAt'], ...wrongTime };
  const values: Record<string, number | null> = {};
  let measured = 0;
  for (const { name } of kind.channels) {
    const value = (parsed.data[name] ?? null) as number | null;
    values[name] = value;
    if (value !== null) measured++;
  }
  if (measured === 0) {
    const names = kind.channels.map((channel) => channel.name).join(', ');
    const reason = `the reading has no quantity, but must have at least one of ${names}`;
    return { code: 'reading-empty', fields: [], reason };
  }
  return { reading: { sensorId: origin.sensorId, kind: kind.kind, observedAt, values } };
}

function isOutOfRange({ code }: z.core.$ZodIssue): boolean {
  return code === 'too_small' || code === 'too_big';
}

function checkTime(
  observedAt: Date,
  receivedAt: Date,
): { readonly code: ReadingFault; readonly reason: string } | null {
  const time = observedAt.getTime();
  if (time >= EARLIEST.getTime() && time <= receivedAt.getTime() + MAX_AHEAD_MS) return null;
  const is = `observedAt is ${observedAt.toISOString()}`;
  if (time < EARLIEST.getTime()) {
    return { code: 'time-too-old', reason: `${is}, but must not be before ${EARLIEST.toISOString()}` };
  }
  const limit = `at most 5 minutes after ${receivedAt.toISOString()}, when it was received`;
  return { code: 'time-in-future', reason: `${is}, but must be ${limit}` };
}

/** Whether one sent reading may be stored: its fields by the kind's schema, its time against the clock. */
import type { Reading } from '../../core/domain/reading.ts';
import type { ReadingOrigin, SensorKind } from './sensor.ts';

/** Device clocks run ahead by minutes at most; more is a wrong clock, and would hide what comes after. */
const MAX_AHEAD_MS = 5 * 60_000;

/** Before any such sensor: a device that lost its clock counts from 1970 or 1980. */
const EARLIEST = new Date('2000-01-01T00:00:00Z');

export type CheckedReading =
  | { readonly reading: Reading }
  /** `fields` are the names at fault, empty when it is the reading as a whole. */
  | { readonly fields: readonly string[]; readonly reason: string };

export function checkReading(kind: SensorKind, sent: unknown, origin: ReadingOrigin): CheckedReading {
  const parsed = kind.schema.safeParse(sent);
  if (!parsed.success) {
    const { issues } = parsed.error;
    return {
      fields: issues.flatMap((issue) => (issue.path.length > 0 ? [String(issue.path[0])] : [])),
      reason: issues.map((issue) => issue.message).join('; '),
    };
  }
  const observedAt = new Date(parsed.data.observedAt);
  const wrongTime = checkTime(observedAt, origin.receivedAt);
  if (wrongTime) return { fields: ['observedAt'], reason: wrongTime };
  const values: Record<string, number | null> = {};
  let measured = 0;
  for (const { name } of kind.channels) {
    const value = (parsed.data[name] ?? null) as number | null;
    values[name] = value;
    if (value !== null) measured++;
  }
  if (measured === 0) {
    const names = kind.channels.map((channel) => channel.name).join(', ');
    return { fields: [], reason: `the reading has no quantity, but must have at least one of ${names}` };
  }
  return { reading: { sensorId: origin.sensorId, kind: kind.kind, observedAt, values } };
}

function checkTime(observedAt: Date, receivedAt: Date): string | null {
  if (observedAt < EARLIEST) {
    return `observedAt is ${observedAt.toISOString()}, but must not be before ${EARLIEST.toISOString()}`;
  }
  if (observedAt.getTime() > receivedAt.getTime() + MAX_AHEAD_MS) {
    return `observedAt is ${observedAt.toISOString()}, but must be at most 5 minutes after ${receivedAt.toISOString()}, when it was received`;
  }
  return null;
}

/** Whether a sent reading says that it is of another sensor, line or tower than its topic: then one of them is wrong. */
import type { MessageOrigin, Rejection } from './sensor.ts';
import { showValue } from './show-value.ts';

/** Fields that a reading may repeat of its topic. `kind` is none: devices mean all sorts of things by that word. */
const FIELDS = ['sensorId', 'lineId', 'towerId'] as const;

/** @returns null where nothing is said of it, or the same; a number is the same as its digits */
export function checkIdentity(sent: unknown, origin: MessageOrigin): Rejection | null {
  if (typeof sent !== 'object' || sent === null) return null;
  for (const field of FIELDS) {
    const said = (sent as Readonly<Record<string, unknown>>)[field];
    if (said === undefined || said === null || said === origin[field]) continue;
    if (typeof said === 'number' && String(said) === origin[field]) continue;
    const reason = `${field} is ${showValue(said)}, but must be ${showValue(origin[field])}, as the topic says, or absent`;
    return { code: 'identity-mismatch', reason };
  }
  return null;
}

/** Whether the fields of one sent reading have the type, form and range of their kind, and what is wrong where not. */
import { z } from 'zod';
import type { Channel } from './sensor.ts';
import { showValue } from './show-value.ts';

export interface FieldFault {
  /** Null when it is the reading as a whole. */
  readonly field: string | null;
  readonly reason: string;
}

/** A time with its zone, on a day that exists. */
const TIME = z.regexes.datetime({ offset: true });

/**
 * By hand and not by a schema: that builds an error for each fault, which costs more than all else that is done with
 * the message, and a flood of them must cost little.
 * Fields that no channel names pass unread, so that a device may send its battery voltage along.
 *
 * @returns null when nothing is wrong
 */
export function checkFields(
  channels: readonly Channel[],
  sent: unknown,
): 'reading-malformed' | 'quantity-implausible' | null {
  if (!isObject(sent)) return 'reading-malformed';
  let isPlausible = true;
  for (const channel of channels) {
    const value = sent[channel.name];
    if (!isMissingOrNumber(value)) return 'reading-malformed';
    if (!isInRange(channel, value)) isPlausible = false;
  }
  if (!isTime(sent['observedAt'])) return 'reading-malformed';
  return isPlausible ? null : 'quantity-implausible';
}

/** In words for the person at the sensor; for what `checkFields` finds fault with. */
export function describeFaults(channels: readonly Channel[], sent: unknown): readonly FieldFault[] {
  if (!isObject(sent)) {
    return [{ field: null, reason: `the reading is ${showValue(sent)}, but must be a JSON object` }];
  }
  const faults = channels.flatMap((channel) => {
    const { name, unit } = channel;
    const value = sent[name];
    if (isMissingOrNumber(value) && isInRange(channel, value)) return [];
    const [lowest, highest] = channel.plausible;
    const range = `from ${lowest} to ${highest} ${unit}`;
    const reason = `${name} is ${showValue(value)}, but must be a number ${range}, or null when not measured`;
    return [{ field: name, reason }];
  });
  const { observedAt } = sent;
  if (isTime(observedAt)) return faults;
  const reason = `observedAt is ${showValue(observedAt)}, but must be a time with its zone, such as 2026-11-23T10:00:00Z`;
  return [...faults, { field: 'observedAt', reason }];
}

function isObject(sent: unknown): sent is Readonly<Record<string, unknown>> {
  return typeof sent === 'object' && sent !== null && !Array.isArray(sent);
}

/** JSON has no NaN, but a number too large for a double is read as Infinity. */
function isMissingOrNumber(value: unknown): value is number | null | undefined {
  return value === undefined || value === null || (typeof value === 'number' && Number.isFinite(value));
}

function isInRange({ plausible }: Channel, value: number | null | undefined): boolean {
  return value === undefined || value === null || (value >= plausible[0] && value <= plausible[1]);
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && TIME.test(value);
}

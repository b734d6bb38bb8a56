/** Whether a reading's time can be right, by the clock of who received it, and what is wrong where not. */

/** Device clocks run ahead by minutes at most; more is a wrong clock, and would hide what comes after. */
const MAX_AHEAD_MS = 5 * 60_000;

/** Before any such sensor: a device that lost its clock counts from 1970 or 1980. */
const EARLIEST = new Date('2000-01-01T00:00:00Z');

/** @returns null when nothing is wrong */
export function checkTime(observedAt: Date, receivedAt: Date): 'time-too-old' | 'time-in-future' | null {
  const time = observedAt.getTime();
  if (time < EARLIEST.getTime()) return 'time-too-old';
  return time > receivedAt.getTime() + MAX_AHEAD_MS ? 'time-in-future' : null;
}

/** In words for the person at the sensor; for what `checkTime` finds fault with. */
export function describeTime(observedAt: Date, receivedAt: Date): string {
  const is = `observedAt is ${observedAt.toISOString()}`;
  if (observedAt < EARLIEST) return `${is}, but must not be before ${EARLIEST.toISOString()}`;
  return `${is}, but must be at most 5 minutes after ${receivedAt.toISOString()}, when it was received`;
}

/** The mission that a sender says a photograph belongs to. */
import { BadInput } from '../../../core/domain/failure.ts';

/** @throws BadInput when it is no name of a flight; null where none is given */
export function readFlightId(flightId: unknown): string | null {
  if (flightId === undefined || flightId === null || flightId === '') return null;
  if (typeof flightId === 'string' && /^[A-Za-z0-9_.:-]{1,64}$/.test(flightId)) return flightId;
  throw new BadInput(
    'bad-flight',
    'flightId must be 1 to 64 letters, digits, dots, colons, hyphens or underscores.',
  );
}

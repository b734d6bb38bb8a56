/** Reads a message that holds one JSON reading or an array of them. */
import type { Reading } from '../../core/domain/reading.ts';
import { checkIdentity } from './check-identity.ts';
import { checkReading, type CheckedReading } from './check-reading.ts';
import { parseJson } from './parse-json.ts';
import type { DecodedMessage, MessageOrigin, Rejection, SensorKind } from './sensor.ts';

/** More would only repeat: a device that sends one reading wrong sends them all wrong. */
const MAX_REASONS = 20;

const EMPTY_PAYLOAD: Rejection = {
  code: 'payload-empty',
  reason: 'The payload is empty, but must hold at least one reading.',
};
const EMPTY_ARRAY: Rejection = {
  code: 'payload-empty',
  reason: 'The payload is an empty array, but must hold at least one reading.',
};
const NOT_JSON: Rejection = {
  code: 'payload-not-json',
  reason:
    'The payload is not JSON in UTF-8, but must be one reading or an array of them; NaN and Infinity are no JSON: leave out what was not measured.',
};

export function decodeJsonReadings(
  kind: SensorKind,
  payload: Uint8Array,
  origin: MessageOrigin,
): DecodedMessage {
  if (payload.length === 0) return nothingBut(EMPTY_PAYLOAD);
  const parsed = parseJson(payload);
  if (!parsed) return nothingBut(NOT_JSON);
  if (!Array.isArray(parsed.json)) return decodeOne(kind, parsed.json, origin);
  const sent: readonly unknown[] = parsed.json;
  return sent.length === 0 ? nothingBut(EMPTY_ARRAY) : decodeAll(kind, sent, origin);
}

function decodeOne(kind: SensorKind, sent: unknown, origin: MessageOrigin): DecodedMessage {
  const checked = check(kind, sent, origin);
  if ('reading' in checked) return { readings: [checked.reading], rejections: [] };
  return nothingBut(new WrongReadingRejected(checked, ''));
}

function decodeAll(kind: SensorKind, sent: readonly unknown[], origin: MessageOrigin): DecodedMessage {
  const readings: Reading[] = [];
  const rejections: Rejection[] = [];
  let unnamed = 0;
  for (const [index, one] of sent.entries()) {
    const checked = check(kind, one, origin);
    if ('reading' in checked) readings.push(checked.reading);
    else if (rejections.length === MAX_REASONS) unnamed++;
    else rejections.push(new WrongReadingRejected(checked, `reading ${index + 1} of ${sent.length}: `));
  }
  if (unnamed > 0) rejections.push({ code: rejections[0]!.code, reason: `And ${unnamed} more.` });
  return { readings, rejections };
}

function check(kind: SensorKind, sent: unknown, origin: MessageOrigin): CheckedReading | Rejection {
  return checkIdentity(sent, origin) ?? checkReading(kind, sent, origin);
}

function nothingBut(rejection: Rejection): DecodedMessage {
  return { readings: [], rejections: [rejection] };
}

class WrongReadingRejected implements Rejection {
  readonly code: string;

  constructor(
    private readonly wrong: Rejection,
    private readonly whichOne: string,
  ) {
    this.code = wrong.code;
  }

  get reason(): string {
    const text = this.whichOne + this.wrong.reason;
    return `${text.replace(/^(reading|the) /, (word) => word[0]!.toUpperCase() + word.slice(1))}.`;
  }
}

/** Reads a message that holds one JSON reading or an array of them. */
import type { Reading } from '../../core/domain/reading.ts';
import { checkIdentity } from './check-identity.ts';
import { checkReading } from './check-reading.ts';
import type { DecodedMessage, MessageOrigin, Rejection, SensorKind } from './sensor.ts';

/** More would only repeat: a device that sends one reading wrong sends them all wrong. */
const MAX_REASONS = 20;

const utf8 = new TextDecoder('utf-8', { fatal: true });

export function decodeJsonReadings(
  kind: SensorKind,
  payload: Uint8Array,
  origin: MessageOrigin,
): DecodedMessage {
  const parsed = parse(payload);
  if ('code' in parsed) return { readings: [], rejections: [parsed] };
  if (!Array.isArray(parsed.json)) return decodeAll(kind, [parsed.json], origin, () => '');
  const sent: readonly unknown[] = parsed.json;
  if (sent.length === 0) {
    const reason = 'The payload is an empty array, but must hold at least one reading.';
    return { readings: [], rejections: [{ code: 'payload-empty', reason }] };
  }
  return decodeAll(kind, sent, origin, (index) => `reading ${index + 1} of ${sent.length}: `);
}

function decodeAll(
  kind: SensorKind,
  sent: readonly unknown[],
  origin: MessageOrigin,
  whichOne: (index: number) => string,
): DecodedMessage {
  const readings: Reading[] = [];
  const rejections: Rejection[] = [];
  let unnamed = 0;
  for (const [index, one] of sent.entries()) {
    const checked = checkIdentity(one, origin) ?? checkReading(kind, one, origin);
    if ('reading' in checked) readings.push(checked.reading);
    else if (rejections.length === MAX_REASONS) unnamed++;
    else
      rejections.push({
        code: checked.code,
        reason: asSentence(whichOne(index) + checked.reason),
      });
  }
  if (unnamed > 0) rejections.push({ code: rejections[0]!.code, reason: `And ${unnamed} more.` });
  return { readings, rejections };
}

function parse(payload: Uint8Array): { readonly json: unknown } | Rejection {
  if (payload.length === 0) {
    return { code: 'payload-empty', reason: 'The payload is empty, but must hold at least one reading.' };
  }
  try {
    return { json: JSON.parse(utf8.decode(payload)) };
  } catch {
    return {
      code: 'payload-not-json',
      reason:
        'The payload is not JSON in UTF-8, but must be one reading or an array of them; NaN and Infinity are no JSON: leave out what was not measured.',
    };
  }
}

function asSentence(text: string): string {
  return `${text.replace(/^(reading|the) /, (word) => word[0]!.toUpperCase() + word.slice(1))}.`;
}

/** What a message says, or why it can't be stored: pure, before the database is asked. */
import type { Rejection, SensorKind } from '../../catalogue/sensors/sensor.ts';
import { findSensorKind, sensors } from '../../catalogue/sensors/sensors.ts';
import { BadInput } from '../../core/domain/failure.ts';
import type { Reading } from '../../core/domain/reading.ts';
import { isOurTopic, parseSensorTopic, type SensorPlace } from '../../core/domain/sensor-topic.ts';
import type { RejectedMessage } from '../../platform/storage/rejected-message-repository.ts';

export interface SentMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly receivedAt: Date;
}

export interface ReadMessage {
  readonly message: SentMessage;
  /** Absent when nothing of it can be stored. */
  readonly sender?: { readonly place: SensorPlace; readonly sensor: SensorKind };
  readonly readings: readonly Reading[];
  readonly rejections: readonly Rejection[];
}

/** Some 7,000 readings in an array. */
export const MAX_PAYLOAD_BYTES = 1 << 20;

export function readMessage(message: SentMessage): ReadMessage {
  const { topic, payload, receivedAt } = message;
  let place: SensorPlace;
  try {
    place = parseSensorTopic(topic);
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    return rejectMessage(message, { code: error.code, reason: error.message });
  }
  const sensor = findSensorKind(place.kind);
  if (!sensor) {
    const kinds = sensors.map(({ kind }) => kind).join(', ');
    return rejectMessage(message, {
      code: 'kind-unknown',
      reason: `The topic's kind is '${place.kind}', but must be one of ${kinds}.`,
    });
  }
  if (payload.length > MAX_PAYLOAD_BYTES) return rejectTooLarge(message);
  const { lineId, towerId, sensorId } = place;
  const { readings, rejections } = sensor.decode(payload, { lineId, towerId, sensorId, receivedAt });
  if (readings.length === 0) return { message, readings, rejections };
  return { message, sender: { place, sensor }, readings, rejections };
}

/** The same message with nothing of it stored as a reading. */
export function rejectMessage(message: SentMessage, rejection: Rejection): ReadMessage {
  return { message, readings: [], rejections: [rejection] };
}

/** As it is kept. */
export function toRejectedMessage({ message, rejections }: ReadMessage): RejectedMessage {
  const { receivedAt, topic, payload } = message;
  return {
    receivedAt,
    topic,
    payload,
    reasonCode: rejections[0]!.code,
    reason: describeRejections(rejections),
  };
}

/** Whether `readMessage` would say the same of it again: it came by our topics, and all its bytes are there. */
export function canBeReadAgain({ message, rejections }: ReadMessage): boolean {
  return isOurTopic(message.topic) && rejections[0]?.code !== 'payload-too-large';
}

/** All reasons, one sentence each. */
export function describeRejections(rejections: readonly Rejection[]): string {
  return rejections.map(({ reason }) => reason).join(' ');
}

export function rejectTooLarge(message: SentMessage): ReadMessage {
  const { payload } = message;
  return rejectMessage(
    // Kept for a person to look at, who needs no more of it than this.
    { ...message, payload: payload.subarray(0, MAX_PAYLOAD_BYTES) },
    {
      code: 'payload-too-large',
      reason: `The payload has ${payload.length} bytes, but must have at most ${MAX_PAYLOAD_BYTES}; so many of it are kept.`,
    },
  );
}

/**
 * What a sensor kind promises. A kind is a plain value in its own folder, with `testcases/` and a README, and
 * one line in `sensors.ts`; topic routing, ingest, import and the contract test take it from there.
 */
import type { Reading } from '../../core/domain/reading.ts';
import type { SensorPlace } from '../../core/domain/sensor-topic.ts';

/** One quantity: a JSON field in messages, a column in the table. */
export interface Channel {
  /** JSON field, with its unit: `resistanceOhm`. */
  readonly name: string;
  /** Column of the kind's table, double precision, NULL when not measured: `resistance_ohm`. */
  readonly column: string;
  readonly unit: string;
  /** Lowest and highest value an instrument in order can report; what lies outside is rejected. */
  readonly plausible: readonly [number, number];
  readonly description: string;
}

/** Who sent a reading, and when it came. */
export interface ReadingOrigin {
  readonly sensorId: string;
  readonly receivedAt: Date;
}

/** Who sent a message, as its topic says, and when it came. */
export type MessageOrigin = ReadingOrigin & Omit<SensorPlace, 'kind'>;

/** Why something can't be stored, for the sender; the reason may be put into words only when it is asked for. */
export interface Rejection {
  /** One of a few, stable, for counting and for replay: `quantity-implausible`. */
  readonly code: string;
  /** One sentence: the field, what it was, what is allowed. */
  readonly reason: string;
}

/** The good part is stored even when another part is rejected. */
export interface DecodedMessage {
  readonly readings: readonly Reading[];
  readonly rejections: readonly Rejection[];
}

/** One reading as it is sent: `observedAt` and a number, null or nothing for each channel. */
export type SentReading = { readonly observedAt: string } & Readonly<Record<string, unknown>>;

export interface SensorKind {
  /** Last segment of the topic, and the folder's name. */
  readonly kind: string;
  /** Table with `sensor_id`, `observed_at`, `received_at`, then one column a channel. */
  readonly table: string;
  readonly summary: string;
  readonly channels: readonly Channel[];
  /** Never throws on what a sensor may send. */
  decode(payload: Uint8Array, origin: MessageOrigin): DecodedMessage;
}

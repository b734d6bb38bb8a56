/** Makes readings of the metrics of one Sparkplug message: one for each sensor and instant. */
import { checkReading } from '../../../catalogue/sensors/check-reading.ts';
import type { Rejection, SentReading } from '../../../catalogue/sensors/sensor.ts';
import type { Reading } from '../../../core/domain/reading.ts';
import type { ReadMetric, ValuesEvent } from '../../../core/sparkplug/node-event.ts';
import { numberOf } from '../../../core/sparkplug/read-value.ts';
import type { ReadMessage } from '../read-message.ts';
import type { MappedSensor, SensorMapping } from './sensor-mapping.ts';

/** 192 is good; a bad or stale value was not measured at its time. */
const GOOD = 192;
/** More would only repeat. */
const MAX_REASONS = 20;

/**
 * Metrics that no sensor wants pass unread, as fields that no channel names do elsewhere.
 *
 * @returns nothing where the message has nothing for us
 */
export function readValues(event: ValuesEvent, mapping: SensorMapping): readonly ReadMessage[] {
  const names = [...event.metrics, ...event.unread].flatMap(({ name }) => name ?? []);
  const mapped = mapping(event.source, names);
  const reads = mapped.sensors
    .map((sensor) => readSensor(event, sensor))
    .filter(({ readings, rejections }) => readings.length + rejections.length > 0);
  const lost = [
    ...mapped.problems.map((reason) => ({ code: 'sparkplug-unmapped', reason })),
    ...event.unread
      // What is behind an unknown alias could be a channel's.
      .filter(({ name }) => name === null || mapped.sensors.some(({ channelOf }) => channelOf.has(name)))
      .map(({ reason }) => ({ code: 'sparkplug-unread', reason })),
  ].slice(0, MAX_REASONS);
  if (lost.length === 0) return reads;
  // The bytes are kept once, with all reasons.
  const [first = { message: event.sent, readings: [], rejections: [] }, ...others] = reads;
  return [{ ...first, rejections: [...first.rejections, ...lost] }, ...others];
}

function readSensor(event: ValuesEvent, { place, sensor, channelOf }: MappedSensor): ReadMessage {
  const { receivedAt } = event.sent;
  const readings: Reading[] = [];
  const rejections: Rejection[] = [];
  for (const sent of byInstant(event.metrics, channelOf)) {
    const checked = checkReading(sensor, sent, { sensorId: place.sensorId, receivedAt });
    if ('reading' in checked) readings.push(checked.reading);
    else if (rejections.length < MAX_REASONS) {
      rejections.push({ code: 'reading-invalid', reason: `Sensor ${place.sensorId}: ${checked.reason}.` });
    }
  }
  return { message: event.sent, sender: { place, sensor }, readings, rejections };
}

function byInstant(metrics: readonly ReadMetric[], channelOf: MappedSensor['channelOf']): SentReading[] {
  const instants = new Map<string, Record<string, unknown>>();
  for (const metric of metrics) {
    const channel = channelOf.get(metric.name);
    const value = channel && !metric.isTransient ? scaled(metric, channel.scale) : null;
    // Null says that nothing was measured: a reading of nothing but that is none.
    if (!channel || value === null) continue;
    const observedAt = formatTime(metric.timestampMs);
    const values = instants.get(observedAt) ?? {};
    values[channel.channel] = value;
    instants.set(observedAt, values);
  }
  return [...instants].map(([observedAt, values]) => ({ observedAt, ...values }));
}

/** @returns a text where it is no number, for the check to refuse by its name */
function scaled({ value, quality }: ReadMetric, scale: number): number | string | null {
  if (value === null || (quality !== null && quality !== GOOD)) return null;
  const number = numberOf(value);
  if (number !== null) return scale === 1 ? number : number * scale;
  return typeof value === 'string' ? value : 'not a number';
}

/** What is no time is left for the check to refuse. */
function formatTime(ms: number | null): string {
  if (ms === null) return 'absent';
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? String(ms) : time.toISOString();
}

/** The schema of one sent reading, made of its channels, with messages for the person at the sensor. */
import { z } from 'zod';
import type { Channel, SentReading } from './sensor.ts';
import { showValue } from './show-value.ts';

/** Fields that no channel names pass unread, so that a device may send its battery voltage along. */
export function readingSchema(channels: readonly Channel[]): z.ZodType<SentReading> {
  const quantities = Object.fromEntries(channels.map((channel) => [channel.name, quantity(channel)]));
  return z.object(
    { ...quantities, observedAt: time() },
    { error: ({ input }) => `the reading is ${showValue(input)}, but must be a JSON object` },
  );
}

function time() {
  return z.iso.datetime({
    offset: true,
    error: ({ input }) =>
      `observedAt is ${showValue(input)}, but must be a time with its zone, such as 2026-11-23T10:00:00Z`,
  });
}

function quantity({ name, plausible: [lowest, highest], unit }: Channel) {
  const error = ({ input }: { readonly input?: unknown }) =>
    `${name} is ${showValue(input)}, but must be a number from ${lowest} to ${highest} ${unit}, or null when not measured`;
  return z.number({ error }).min(lowest, { error }).max(highest, { error }).nullish();
}

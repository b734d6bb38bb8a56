/** Tells a person why an event was raised, line by line. */
import { z } from 'zod';
import type { EventRow } from '../../platform/storage/anomaly-event-repository.ts';
import type { EventReplay } from './replay-event.ts';

/** As `Scoring` keeps them; what an older version left out is left out here too. */
const reasonsSchema = z.object({
  sentence: z.string().default('No sentence was kept.'),
  channels: z
    .array(
      z.object({
        channel: z.string(),
        observed: z.number().nullable(),
        expected: z.number(),
        lower: z.number(),
        upper: z.number(),
        deviation: z.number(),
      }),
    )
    .default([]),
  context: z.record(z.string(), z.number().nullable()).default({}),
  lastLooks: z
    .array(
      z.object({
        kind: z.string(),
        outcome: z.string(),
        probability: z.number(),
        inspectedAt: z.string(),
        flightId: z.string(),
      }),
    )
    .default([]),
});

/** @param replay or why the decision can not be run again */
export function describeEvent(event: EventRow, replay: EventReplay | string): string[] {
  const reasons = reasonsSchema.parse(event.reasons);
  const until = event.closed_at ? `closed ${event.closed_at.toISOString()}` : 'still open';
  return [
    `${event.kind} at ${event.line_id}/${event.tower_id}, sensor ${event.sensor_id}: opened ${event.opened_at.toISOString()}, ${until}, probability up to ${event.peak_score.toFixed(3)}`,
    reasons.sentence,
    '',
    'Channel, furthest from what is usual first: measured, expected (band of 99 % of healthy readings), lasting deviation',
    ...reasons.channels.map(
      ({ channel, observed, expected, lower, upper, deviation }) =>
        `  ${channel}: ${observed === null ? 'missing' : short(observed)}, ${short(expected)} (${short(lower)} to ${short(upper)}), ${deviation.toFixed(1)}`,
    ),
    'Weather and load then',
    ...Object.entries(reasons.context).map(
      ([name, value]) => `  ${name}: ${value === null ? 'missing' : short(value)}`,
    ),
    'Last looks at the tower',
    ...(reasons.lastLooks.length === 0 ? ['  none'] : []),
    ...reasons.lastLooks.map(
      ({ kind, outcome, probability, inspectedAt, flightId }) =>
        `  ${inspectedAt}: ${kind} ${outcome}, probability ${probability.toFixed(2)}, flight ${flightId}`,
    ),
    `Model ${event.model_version}`,
    typeof replay === 'string' ? `The decision can not be run again: ${replay}.` : describeReplay(replay),
  ];
}

function describeReplay({ readings, opensAgain, differences, largestDifference }: EventReplay): string {
  const ran = `Run again over the ${readings} readings that it had scored by then: `;
  if (opensAgain && differences === 0) return `${ran}every score and the decision are the same.`;
  const decision = opensAgain ? 'the decision is the same' : 'it would not be raised at that reading';
  return `${ran}${decision}, but ${differences} scores differ, by ${largestDifference.toFixed(4)} at most: readings or weather were changed since.`;
}

function short(value: number): string {
  return Number(value.toPrecision(4)).toString();
}

/** Draws numbers, list entries and colours for the rendered photographs from a seeded generator. */
import type { Random } from '../../core/statistics/random.ts';

export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random.uniform();
}

/** Both ends may come up. */
export function integerBetween(random: Random, low: number, high: number): number {
  return low + Math.floor((high - low + 1) * random.uniform());
}

export function pick<T>(random: Random, entries: readonly [T, ...T[]]): T {
  return entries[Math.floor(entries.length * random.uniform())] ?? entries[0];
}

export type Colour = readonly [number, number, number];

/** A neighbour of the colour: all channels by one step, each by a smaller one of its own. */
export function vary(random: Random, colour: Colour, amount: number): Colour {
  const shared = random.normal() * amount;
  return colour.map((channel) => channel + shared + random.normal() * amount * 0.4) as unknown as Colour;
}

/** @param factor above 1 is lighter, below 1 darker */
export function css(colour: Colour, factor = 1): string {
  const channels = colour.map((channel) => Math.max(0, Math.min(255, Math.round(channel * factor))));
  return `rgb(${channels.join(',')})`;
}

export function blend(from: Colour, to: Colour, share: number): Colour {
  return from.map((channel, index) => channel + (to[index]! - channel) * share) as unknown as Colour;
}

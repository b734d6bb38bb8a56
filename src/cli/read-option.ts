/** Turns option texts into numbers and times, or says what is allowed. */
import { z } from 'zod';
import { BadInput } from '../core/domain/failure.ts';

/** @returns a parser for commander that refuses what is no whole number from `lowest` to `highest` */
export function wholeNumber(
  option: string,
  lowest: number,
  highest = Number.MAX_SAFE_INTEGER,
): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= lowest && value <= highest) return value;
    const range =
      highest === Number.MAX_SAFE_INTEGER ? `of at least ${lowest}` : `from ${lowest} to ${highest}`;
    throw refused(option, text, `a whole number ${range}`);
  };
}

/** @returns a parser for commander that refuses what is no number of at least `lowest` */
export function numberFrom(option: string, lowest: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value) && value >= lowest) return value;
    throw refused(option, text, `a number of at least ${lowest}`);
  };
}

/** @returns a parser for commander that refuses what is no number from `lowest` to `highest` */
export function numberBetween(option: string, lowest: number, highest: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= lowest && value <= highest) return value;
    throw refused(option, text, `a number from ${lowest} to ${highest}`);
  };
}

/** @returns a parser for commander that refuses what is no number from 0 to 1 */
export function probability(option: string): (text: string) => number {
  return numberBetween(option, 0, 1);
}

/** @returns a parser for commander that refuses what is no time with its zone */
export function instant(option: string): (text: string) => Date {
  return (text) => {
    if (z.iso.datetime({ offset: true }).safeParse(text).success) return new Date(text);
    throw refused(option, text, 'a time with its zone, such as 2026-11-23T10:00:00Z');
  };
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** @returns a parser for commander that gives milliseconds */
export function timeSpan(option: string): (text: string) => number {
  return (text) => {
    const [, amount, unit = ''] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
    if (amount !== undefined) return Number(amount) * UNIT_MS[unit]!;
    throw refused(
      option,
      text,
      'a whole number of minutes, hours, days or weeks, such as 90m, 12h, 30d or 8w',
    );
  };
}

/** Parser for commander: names of columns, separated by commas. */
export function columnNames(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** Seeds are 32 bits wide. */
export const seedNumber = wholeNumber('--seed', 0, 2 ** 32 - 1);

function refused(option: string, text: string, allowed: string): BadInput {
  return new BadInput('option-out-of-range', `${option} is '${text}', but must be ${allowed}.`, {
    option,
    text,
  });
}

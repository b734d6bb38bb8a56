/** Turns option texts into numbers, or says what is allowed. */
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

/** @returns a parser for commander that refuses what is no number from 0 to 1 */
export function probability(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= 0 && value <= 1) return value;
    throw refused(option, text, 'a number from 0 to 1');
  };
}

/** Seeds are 32 bits wide. */
export const seedNumber = wholeNumber('--seed', 0, 2 ** 32 - 1);

function refused(option: string, text: string, allowed: string): BadInput {
  return new BadInput('option-out-of-range', `${option} is '${text}', but must be ${allowed}.`, {
    option,
    text,
  });
}

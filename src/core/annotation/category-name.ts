/** What a class may be called, so that every form can hold it. */

const LONGEST = 64;

/** @returns what is wrong with it, or null */
export function categoryProblem(name: string): string | null {
  if (name === '' || name.trim() !== name) return 'is empty, or begins or ends with a space';
  if ([...name].length > LONGEST) return `is longer than ${LONGEST} characters`;
  return /[\p{C}\p{Zl}\p{Zp}]/u.test(name) ? 'has characters that can not be seen' : null;
}

/** The colour of text on a coloured ground. */

/** Black or white, whichever is read more easily on a colour such as #D55E00. */
export function inkOn(colour: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue > 140 ? '#111217' : '#ffffff';
}

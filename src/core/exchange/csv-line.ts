/** Lines of CSV (RFC 4180) that a spreadsheet shows and never runs. */

/** A text that begins so is a formula to a spreadsheet, also behind spaces. */
const BEGINS_FORMULA = /^\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;

/** @example csvLine(['=1+1', -0.5, null]) // "'=1+1,-0.5,\r\n" */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: string | number | null): string {
  if (value === null) return '';
  // A number can't be a formula, whatever its sign.
  if (typeof value === 'number') return String(value);
  const harmless = BEGINS_FORMULA.test(value) ? `'${value}` : value;
  return NEEDS_QUOTES.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

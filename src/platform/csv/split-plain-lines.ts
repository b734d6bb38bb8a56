/** Splits lines of CSV at their commas, where that is all there is to do. */
import type { CsvRecord } from './csv-record.ts';

export interface PlainLines {
  readonly records: readonly CsvRecord[];
  /** Of the first line that is not complete yet. */
  readonly nextLine: number;
  readonly rest: string;
}

/** Text of this length without the end of a line is no table that can be split by lines. */
const LONGEST_LINE = 1 << 20;
const BLANK_CELL_EDGE = /[ \t\v\f\u00A0](?:,|\n|\r)|(?:^|,|\n)[ \t\v\f\u00A0]/;

/**
 * Empty lines are left out; cells are trimmed.
 *
 * @param firstLine number of the line that the text begins with
 * @returns undefined where it takes a parser: quotes, lines that end in a bare carriage return or don't end
 */
export function splitPlainLines(text: string, firstLine: number): PlainLines | undefined {
  const end = text.lastIndexOf('\n');
  const rest = text.slice(end + 1);
  if (rest.length > LONGEST_LINE || text.includes('"')) return undefined;
  const returns = text.includes('\r');
  if (returns && /\r[^\n]/.test(text)) return undefined;
  const records: CsvRecord[] = [];
  if (end < 0) return { records, nextLine: firstLine, rest };
  const complete = text.slice(0, end);
  const trims = BLANK_CELL_EDGE.test(text);
  let line = firstLine;
  for (const row of complete.split('\n')) {
    const content = returns && row.endsWith('\r') ? row.slice(0, -1) : row;
    const cells = content.split(',');
    if (trims) for (const [i, cell] of cells.entries()) cells[i] = cell.trim();
    if (cells.length > 1 || cells[0] !== '') records.push({ cells, line });
    line++;
  }
  return { records, nextLine: line, rest };
}

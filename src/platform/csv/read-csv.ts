/** Reads the rows of a CSV file as they come, with the line of each, and says plainly what is wrong with one. */
import { BadInput } from '../../core/domain/failure.ts';
import { readCsvRecords } from './read-csv-records.ts';

export interface CsvRow {
  /** One cell a wanted column, in the order asked for; '' where an optional column is absent. */
  readonly cells: readonly string[];
  /** Of the file, the header being line 1. */
  readonly line: number;
}

export interface CsvColumns {
  readonly required: readonly string[];
  readonly optional?: readonly string[];
}

/** @param onBytes told how many bytes have been read so far */
export async function* readCsv(
  file: string,
  { required, optional = [] }: CsvColumns,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<readonly CsvRow[]> {
  let picks: readonly number[] | null = null;
  let width = 0;
  for await (const records of readCsvRecords(file, onBytes)) {
    const rows: CsvRow[] = [];
    for (const { cells, line } of records) {
      if (picks === null) {
        picks = pickColumns(file, cells, required, optional);
        width = cells.length;
        continue;
      }
      if (cells.length !== width) {
        const counted = `line ${line} has ${cells.length} cells where the header has ${width}`;
        throw new BadInput('csv-broken', `${file} is not proper CSV: ${counted}.`, { file, line });
      }
      rows.push({ cells: picks.map((at) => cells[at] ?? ''), line });
    }
    yield rows;
  }
  if (picks === null) throw new BadInput('csv-empty', `${file} is empty; it needs a header line and rows.`);
}

function pickColumns(
  file: string,
  header: readonly string[],
  required: readonly string[],
  optional: readonly string[],
): number[] {
  const missing = required.filter((name) => !header.includes(name));
  if (missing.length > 0) {
    throw new BadInput(
      'csv-column-missing',
      `${file} has no column ${missing.join(', ')}; its columns are ${header.join(', ')}.`,
      { file, missing },
    );
  }
  return [...required, ...optional].map((name) => header.indexOf(name));
}

export function badCell(file: string, line: number, column: string, problem: string): BadInput {
  return new BadInput('csv-cell', `${file}, line ${line}, column ${column}: ${problem}.`, {
    file,
    line,
    column,
  });
}

/** Reads the rows of a CSV file as they come, with the line of each, and says plainly what is wrong with one. */
import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { CsvError, parse } from 'csv-parse';
import { BadInput } from '../../core/domain/failure.ts';

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

/** The parser runs ahead of its reader, so the line travels with the record. */
interface RecordWithInfo {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

/** Rows are parsed in batches of this size, so that the caller waits once for many. */
const BATCH_ROWS = 4096;

/** @param onBytes told how many bytes have been read so far */
export async function* readCsv(
  file: string,
  { required, optional = [] }: CsvColumns,
  onBytes: (bytes: number) => void = () => {},
): AsyncGenerator<readonly CsvRow[]> {
  await access(file).catch((cause: unknown) => {
    throw new BadInput('file-missing', `${file} is not there or cannot be read.`, { file }, { cause });
  });
  const source = createReadStream(file, { highWaterMark: 1 << 20 });
  let bytes = 0;
  source.on('data', (chunk) => onBytes((bytes += chunk.length)));
  const parser = parse({ bom: true, skip_empty_lines: true, trim: true, info: true });
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let picks: readonly number[] | null = null;
  let batch: CsvRow[] = [];
  try {
    for await (const { record, info } of parser as AsyncIterable<RecordWithInfo>) {
      if (picks === null) {
        picks = pickColumns(file, record, required, optional);
        continue;
      }
      batch.push({ cells: picks.map((at) => record[at] ?? ''), line: info.lines });
      if (batch.length < BATCH_ROWS) continue;
      yield batch;
      batch = [];
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new BadInput('csv-broken', `${file} is not proper CSV: ${cause.message}.`, { file }, { cause });
  } finally {
    source.destroy();
    parser.destroy();
  }
  if (picks === null) throw new BadInput('csv-empty', `${file} is empty; it needs a header line and rows.`);
  if (batch.length > 0) yield batch;
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

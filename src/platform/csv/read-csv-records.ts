/** Reads any CSV file record by record, each with its line, and leaves it to the reader what a good record is. */
import { createReadStream } from 'node:fs';
import { CsvError, parse } from 'csv-parse';
import { BadInput } from '../../core/domain/failure.ts';
import { explainUnreadable } from '../unreadable-file.ts';

export interface CsvRecord {
  readonly cells: readonly string[];
  /** Where the record begins, the first line of the file being 1. */
  readonly line: number;
}

/** Handed on in batches of this size, so that the reader waits once for many. */
const BATCH_RECORDS = 4_096;

/**
 * Empty lines are left out; records may have any number of cells.
 *
 * @param onBytes told how many bytes have been read so far
 * @throws BadInput when the file can't be read, or a quote is not closed; records before it have been handed on
 */
export async function* readCsvRecords(
  file: string,
  onBytes: (bytes: number) => void = () => {},
): AsyncGenerator<readonly CsvRecord[]> {
  const source = createReadStream(file, { highWaterMark: 1 << 20 });
  const parser = parse({ bom: true, trim: true, relax_column_count: true });
  let bytes = 0;
  source.on('data', (chunk) => onBytes((bytes += chunk.length)));
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let batch: CsvRecord[] = [];
  // Counted here: the parser is ahead of us by thousands of lines.
  let line = 1;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      if (cells.length > 1 || cells[0] !== '') batch.push({ cells, line });
      line += 1 + countLineBreaks(cells);
      if (batch.length < BATCH_RECORDS) continue;
      yield batch;
      batch = [];
    }
  } catch (cause) {
    if (batch.length > 0) yield batch;
    throw explain(file, cause);
  } finally {
    source.destroy();
    parser.destroy();
  }
  if (batch.length > 0) yield batch;
}

/** Of quoted cells that run over several lines. */
function countLineBreaks(cells: readonly string[]): number {
  let count = 0;
  for (const cell of cells) {
    for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) count++;
  }
  return count;
}

function explain(file: string, cause: unknown): unknown {
  if (cause instanceof CsvError) {
    return new BadInput('csv-broken', `${file} is not proper CSV: ${cause.message}.`, { file }, { cause });
  }
  return explainUnreadable(file, cause);
}

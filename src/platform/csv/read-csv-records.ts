/** Reads any CSV file record by record, each with its line, and leaves it to the reader what a good record is. */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { BadInput } from '../../core/domain/failure.ts';
import { explainUnreadable } from '../unreadable-file.ts';
import type { CsvRecord } from './csv-record.ts';
import { splitPlainLines } from './split-plain-lines.ts';

/** Handed on in batches, so that the reader waits once for many: of so many records, or of one chunk of the file. */
const BATCH_RECORDS = 4_096;
const CHUNK_BYTES = 1 << 18;

/**
 * Empty lines are left out; records may have any number of cells.
 *
 * As long as the file has no quotes, its lines are split at commas, which is several times as fast as a parser; from
 * the first quote on a parser reads it.
 *
 * @param onBytes told how many bytes have been read so far
 * @throws BadInput when the file can't be read, or a quote is not closed; records before it have been handed on
 */
export async function* readCsvRecords(
  file: string,
  onBytes: (bytes: number) => void = () => {},
): AsyncGenerator<readonly CsvRecord[]> {
  const source = createReadStream(file, { highWaterMark: CHUNK_BYTES, encoding: 'utf8' });
  source.on('data', () => onBytes(source.bytesRead));
  const chunks = source[Symbol.asyncIterator]() as AsyncIterableIterator<string>;
  let line = 1;
  let rest = '';
  try {
    // Not `for await`, which would close the file as soon as a parser takes over.
    for (let chunk = await chunks.next(); !chunk.done; chunk = await chunks.next()) {
      // A byte order mark.
      const text = line === 1 && rest === '' ? chunk.value.replace(/^\uFEFF/, '') : rest + chunk.value;
      const split = splitPlainLines(text, line);
      if (split === undefined) {
        yield* parseRecords(text, chunks, line);
        return;
      }
      rest = split.rest;
      line = split.nextLine;
      if (split.records.length > 0) yield split.records;
    }
    // The last line may lack its end.
    if (rest !== '') yield* parseRecords(rest, chunks, line);
  } catch (cause) {
    throw explain(file, cause);
  } finally {
    source.destroy();
  }
}

/** By a parser, quotes and all: `text` and the chunks after it. */
async function* parseRecords(
  text: string,
  chunks: AsyncIterable<string>,
  firstLine: number,
): AsyncGenerator<readonly CsvRecord[]> {
  const parser = parse({ trim: true, relax_column_count: true });
  const source = Readable.from(startingWith(text, chunks));
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let batch: CsvRecord[] = [];
  // Counted here: the parser is ahead of us by thousands of lines.
  let line = firstLine;
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
    throw cause;
  } finally {
    source.destroy();
    parser.destroy();
  }
  if (batch.length > 0) yield batch;
}

async function* startingWith(text: string, chunks: AsyncIterable<string>): AsyncGenerator<string> {
  yield text;
  yield* chunks;
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

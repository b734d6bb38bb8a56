/** Reads a file of one JSON value a line, in batches, each value with its line; what is no JSON is handed on as that. */
import { createReadStream } from 'node:fs';
import { BadInput } from '../../core/domain/failure.ts';
import { explainUnreadable } from '../unreadable-file.ts';

export interface NdjsonLine {
  /** Absent where the line is no JSON. */
  readonly json?: unknown;
  /** Of the file, the first being 1. */
  readonly line: number;
}

/** A reading has some hundred; a file without line breaks must not fill the memory. */
const MAX_LINE_CHARACTERS = 1 << 20;

/**
 * Empty lines are left out.
 *
 * @param onBytes told how many bytes have been read so far
 * @throws BadInput when the file can't be read, or a line is endless; lines before it have been handed on
 */
export async function* readNdjsonLines(
  file: string,
  onBytes: (bytes: number) => void = () => {},
): AsyncGenerator<readonly NdjsonLine[]> {
  const source = createReadStream(file, { highWaterMark: 1 << 20 });
  const decoder = new TextDecoder();
  let pending = '';
  let line = 0;
  let bytes = 0;
  const take = (text: string): NdjsonLine[] => {
    const lines = (pending + text).split('\n');
    pending = lines.pop()!;
    return lines.flatMap((one) => parseLine(one, ++line));
  };
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      onBytes((bytes += chunk.length));
      yield take(decoder.decode(chunk, { stream: true }));
      if (pending.length > MAX_LINE_CHARACTERS) throw endless(file, line + 1);
    }
    // The last line may lack its line break.
    yield take(`${decoder.decode()}\n`);
  } catch (cause) {
    throw explainUnreadable(file, cause);
  } finally {
    source.destroy();
  }
}

function parseLine(text: string, line: number): readonly NdjsonLine[] {
  if (text.trim() === '') return [];
  try {
    return [{ json: JSON.parse(text), line }];
  } catch {
    return [{ line }];
  }
}

function endless(file: string, line: number): BadInput {
  return new BadInput(
    'ndjson-line-too-long',
    `${file} is no NDJSON: line ${line} is longer than ${MAX_LINE_CHARACTERS} characters, but must be one JSON object.`,
    { file, line },
  );
}

/** Reads the columns of a Parquet file, one row group at a time. */
import {
  asyncBufferFromFile,
  parquetMetadataAsync,
  parquetRead,
  type AsyncBuffer,
  type FileMetaData,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { BadInput } from '../../core/domain/failure.ts';
import { explainUnreadable } from '../unreadable-file.ts';

export interface ParquetRows {
  readonly count: number;
  /** Of the file, the first row being 0. */
  readonly firstRow: number;
  /** By name, each with one value a row: text, number, bigint, Date, boolean or null. */
  readonly columns: ReadonlyMap<string, ArrayLike<unknown>>;
}

/** A row group is decoded as a whole: this many rows of a few columns are some hundred megabytes. */
const MAX_GROUP_ROWS = 2_000_000;

/**
 * @param choose which of the file's columns to read; may refuse the file
 * @param onBytes told how many bytes of the file are behind us, by its rows
 * @throws BadInput when the file can't be read; row groups before the fault have been handed on
 */
export async function* readParquetColumns(
  file: string,
  choose: (columns: readonly string[]) => readonly string[],
  onBytes: (bytes: number) => void = () => {},
): AsyncGenerator<ParquetRows> {
  const { buffer, metadata } = await open(file);
  const columns = [...choose(metadata.schema.slice(1).map(({ name }) => name))];
  refuseLocalTimes(file, metadata, columns);
  const total = Number(metadata.num_rows);
  let firstRow = 0;
  for (const { num_rows } of metadata.row_groups) {
    const count = Number(num_rows);
    if (count > MAX_GROUP_ROWS) {
      const limit = `has a row group of ${count} rows, but must have at most ${MAX_GROUP_ROWS} in each`;
      throw new BadInput('parquet-group-too-large', `${file} ${limit}.`, { file });
    }
    yield await readGroup(file, { buffer, metadata }, columns, firstRow, count);
    firstRow += count;
    onBytes(Math.round((buffer.byteLength * firstRow) / Math.max(1, total)));
  }
}

interface OpenFile {
  readonly buffer: AsyncBuffer;
  readonly metadata: FileMetaData;
}

async function open(file: string): Promise<OpenFile> {
  try {
    const buffer = await asyncBufferFromFile(file);
    return { buffer, metadata: await parquetMetadataAsync(buffer) };
  } catch (cause) {
    throw explain(file, cause);
  }
}

async function readGroup(
  file: string,
  { buffer, metadata }: OpenFile,
  names: string[],
  firstRow: number,
  count: number,
): Promise<ParquetRows> {
  const columns = new Map<string, unknown[]>(names.map((name) => [name, new Array<unknown>(count)]));
  try {
    await parquetRead({
      file: buffer,
      metadata,
      columns: names,
      rowStart: firstRow,
      rowEnd: firstRow + count,
      compressors,
      onChunk({ columnName, columnData, rowStart }) {
        const column = columns.get(columnName);
        for (let at = 0; column && at < columnData.length; at++) {
          column[rowStart - firstRow + at] = columnData[at];
        }
      },
    });
  } catch (cause) {
    throw explain(file, cause);
  }
  return { count, firstRow, columns };
}

/** A time without its zone may be any of two dozen. */
function refuseLocalTimes(file: string, { schema }: FileMetaData, columns: readonly string[]): void {
  const local = schema.find(
    ({ name, logical_type: type }) =>
      columns.includes(name) && type?.type === 'TIMESTAMP' && !type.isAdjustedToUTC,
  );
  if (!local) return;
  throw new BadInput(
    'parquet-local-time',
    `${file} has times without their zone in ${local.name}, but must have them in UTC.`,
    { file, column: local.name },
  );
}

function explain(file: string, cause: unknown): unknown {
  const known = explainUnreadable(file, cause);
  if (known !== cause) return known;
  const reason = (cause as Error).message;
  return new BadInput('parquet-broken', `${file} can't be read as Parquet: ${reason}.`, { file }, { cause });
}

/** Writes rows of a CSV file as they come, holding a megabyte at most. */
import { open } from 'node:fs/promises';

export type CsvCell = string | number | null;

export interface CsvFile {
  /** Null is an empty cell. Await it: it waits for the disk from time to time. */
  write(row: readonly CsvCell[]): Promise<void>;
  close(): Promise<void>;
}

const CHUNK_CHARACTERS = 1 << 20;

/** Cells are ids, numbers and times, so none needs quoting. */
export async function createCsvFile(path: string, columns: readonly string[]): Promise<CsvFile> {
  const file = await open(path, 'w');
  let pending = `${columns.join(',')}\n`;
  const flush = async () => {
    const text = pending;
    pending = '';
    await file.writeFile(text);
  };
  return {
    async write(row) {
      pending += `${row.join(',')}\n`;
      if (pending.length >= CHUNK_CHARACTERS) await flush();
    },
    async close() {
      try {
        await flush();
      } finally {
        await file.close();
      }
    },
  };
}
